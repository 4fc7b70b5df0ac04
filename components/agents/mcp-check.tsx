'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleCheck, LoaderCircle, PlugZap } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useId } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { type CheckedMcp, mcpServerSchema } from '@/server/agents/schema.ts'
import { type FormServer, sentServer } from './form-draft.ts'

type SaidKey = Parameters<ReturnType<typeof useTranslations<'said'>>>[0]

function Result({ result }: { result: CheckedMcp }) {
  const t = useTranslations('agentForm.mcp')
  const said = useTranslations('said')
  const { ok, tools, problem } = result
  if (!ok)
    return (
      <Banner tone="bad" title={t('fails')}>
        {problem && said.has(problem.key as SaidKey) ? said(problem.key as SaidKey, problem.values as never) : problem?.message}
      </Banner>
    )
  return (
    <div role="status" className="grid gap-2 rounded-lg border border-ok/30 bg-ok-soft px-4 py-3 text-sm">
      <p className="flex items-center gap-2 font-medium text-ok">
        <CircleCheck aria-hidden className="size-4" />
        {t('works', { count: tools.length })}
      </p>
      <Scroller className="max-h-60 overflow-y-auto">
        <ul className="grid gap-1">
          {tools.map(({ name, description }) => (
            <li key={name} className="min-w-0 [overflow-wrap:anywhere]">
              <bdi className="font-mono text-xs">{name}</bdi> <bdi className="text-muted">{description}</bdi>
            </li>
          ))}
        </ul>
      </Scroller>
    </div>
  )
}

const labels: Record<string, 'name' | 'command' | 'args' | 'env' | 'url' | 'headers'> = {
  ...{ name: 'name', command: 'command', args: 'args', env: 'env', url: 'url', headers: 'headers' },
}

/** The fields that keep a server from being tried, each once, by the names over them. */
function Missing({ id, paths }: { id: string; paths: PropertyKey[] }) {
  const t = useTranslations('agentForm.mcp')
  const format = useFormatter()
  const names = [...new Set(paths)].flatMap((path) => labels[String(path)] ?? []).map((label) => t(label))
  return (
    <p id={id} className="text-muted text-xs">
      {t('incomplete', { fields: format.list(names) })}
    </p>
  )
}

/** Tries a server out as it stands in the form; a masked secret is the one that is stored. */
export function McpCheck({ agentId, server }: { agentId: string | null; server: FormServer }) {
  const t = useTranslations('agentForm')
  const alive = useAlive()
  const id = useId()
  const words = useFailureWords()
  const check = useMutation(useTRPC().agents.checkMcp.mutationOptions({ meta: { silent: true } }))
  const parsed = mcpServerSchema.safeParse(sentServer(server))
  // What was found out holds for what was tried, and for nothing that was typed since.
  const holds = parsed.success && JSON.stringify(check.variables?.server) === JSON.stringify(parsed.data)
  const failed = holds && check.error ? failureOf(check.error) : null
  return (
    <div className="grid gap-3">
      <Button
        size="sm"
        className="justify-self-start"
        aria-describedby={parsed.success ? undefined : id}
        disabled={!parsed.success || check.isPending || !alive}
        onClick={() => parsed.success && check.mutate({ agentId, server: parsed.data })}
      >
        {check.isPending ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <PlugZap aria-hidden />}
        {check.isPending ? t('mcp.checking') : t('mcp.check')}
      </Button>
      {!parsed.success && <Missing id={id} paths={parsed.error.issues.flatMap(({ path }) => path[0] ?? [])} />}
      {failed && (
        <Banner tone="bad" title={t('mcp.fails')}>
          {failed.key === 'secretAgain' ? t('mcp.saveFirst') : words(check.error).text}
        </Banner>
      )}
      {holds && check.data && !check.isPending && <Result result={check.data} />}
    </div>
  )
}
