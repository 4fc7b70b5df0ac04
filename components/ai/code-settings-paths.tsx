'use client'

import { useQuery } from '@tanstack/react-query'
import { Eye, EyeOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { alwaysDenied, type PathAnswer } from '@/server/ai/schema.ts'

const examplePath = 'config/.env.example'

/** The patterns that hold everywhere, folded. */
export function AlwaysDenied() {
  const t = useTranslations('codeSettings.always')
  return (
    <details className="rounded-md border">
      <summary className="cursor-pointer rounded-md px-4 py-2.5 font-medium text-sm">{t('title', { count: alwaysDenied.length })}</summary>
      <div className="grid gap-3 border-t px-4 py-3">
        <p className="text-muted text-sm">{t('text')}</p>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 font-mono text-xs">
          {alwaysDenied.map((pattern) => (
            <li key={pattern} className="[overflow-wrap:anywhere]">
              {pattern}
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

function Answer({ answer }: { answer: PathAnswer }) {
  const t = useTranslations('codeSettings.try')
  const Icon = answer.withheld ? EyeOff : Eye
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-ink">
      <Icon aria-hidden className={answer.withheld ? 'size-4 shrink-0 text-warn' : 'size-4 shrink-0 text-ok'} />
      {answer.withheld ? t(answer.always ? 'always' : 'own') : t('shown')}
      {answer.pattern !== null && (
        <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs [overflow-wrap:anywhere]">
          <bdi>{answer.pattern}</bdi>
        </code>
      )}
    </span>
  )
}

function Outcome({ answer, wrong }: { answer: PathAnswer | undefined; wrong: boolean }) {
  const t = useTranslations('codeSettings.try')
  if (answer && !wrong) return <Answer answer={answer} />
  return <span className="text-faint">{t(wrong ? 'wrong' : 'asking')}</span>
}

/** Says of a path whether a model may see it; `denyPaths` are the patterns as they stand in the form, null where one of them is wrong. */
export function TryPath({ service, denyPaths }: { service: string; denyPaths: string[] | null }) {
  const t = useTranslations('codeSettings.try')
  const words = useFailureWords()
  const [path, setPath] = useState('')
  const [trpc, client] = [useTRPC(), useTRPCClient()]
  const asked = useSettled({ path: path.trim(), denyPaths }, 250)
  const { data, error } = useQuery({
    queryKey: [...trpc.ai.tryPath.mutationKey(), service, asked],
    queryFn: ({ signal }) =>
      client.ai.tryPath.mutate({ service, path: asked.path, ...(asked.denyPaths ? { denyPaths: asked.denyPaths } : {}) }, { signal }),
    enabled: asked.path !== '' && asked.denyPaths !== null,
    retry: false,
    meta: { silent: true },
  })
  const refused = error ? words(error) : null
  return (
    <div className="grid gap-2">
      <Field label={t('label')} hint={t('hint')} error={refused && path ? (refused.text ?? refused.title) : null}>
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            maxLength={1000}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={examplePath}
            value={path}
            onChange={({ target }) => setPath(target.value)}
            // It stands inside the form of the settings; to ask is not to save.
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
        )}
      </Field>
      <p aria-live="polite" className="min-h-6 text-sm">
        {path.trim() !== '' && !refused && <Outcome answer={asked.path === path.trim() ? data : undefined} wrong={denyPaths === null} />}
      </p>
    </div>
  )
}
