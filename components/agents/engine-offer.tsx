'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import type { EngineInstall } from '@/server/workspace/schema.ts'

const lookMs = 1_500
const megabyte = 1_000_000

/** What it takes, why the last try came to nothing, and the button for whoever may press it. */
function Offered({ state, size, busy, onBegin }: { state: EngineInstall; size: string; busy: boolean; onBegin: () => void }) {
  const t = useTranslations('agentForm.engineInstall')
  return (
    <>
      <p>{t('offer', { size })}</p>
      {!state.mayInstall && <p className="text-muted">{t('ask')}</p>}
      {state.failed !== null && (
        <p role="alert" className="text-bad">
          {t('failed')}
        </p>
      )}
      {state.failed && (
        <details className="min-w-0">
          <summary>{t('why')}</summary>
          <Scroller className="max-h-40 overflow-auto">
            <pre className="whitespace-pre-wrap break-words text-xs">
              <bdi>{state.failed}</bdi>
            </pre>
          </Scroller>
        </details>
      )}
      {state.mayInstall && (
        <div>
          <Button size="sm" disabled={busy} onClick={onBegin}>
            {t('begin')}
          </Button>
        </div>
      )}
    </>
  )
}

/** How the installation stands, read again while it goes on, and the way to begin it. */
function useInstall() {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const showFailure = useFailureToast()
  const offer = trpc.workspace.engineInstall.queryOptions(undefined, {
    refetchInterval: ({ state }) => (state.data?.installing ? lookMs : false),
  })
  const { data } = useQuery(offer)
  const install = useMutation(
    trpc.workspace.installEngine.mutationOptions({
      meta: { silent: true },
      onSuccess: (state) => queries.setQueryData(offer.queryKey, state),
      onError: showFailure,
    }),
  )
  const installed = data?.installed ?? false
  useEffect(() => {
    if (installed) void queries.invalidateQueries({ queryKey: trpc.workspace.engines.queryKey() })
  }, [installed, queries, trpc])
  return { state: data, busy: install.isPending, begin: () => install.mutate() }
}

/** Offers to install Claude Code where it is missing, says what that takes, and shows how it goes. */
export function EngineOffer() {
  const t = useTranslations('agentForm.engineInstall')
  const format = useFormatter()
  const { state, busy, begin } = useInstall()
  if (!state) return null
  const size = format.number(Math.round(state.expectedBytes / megabyte))
  const running = t('running', { done: format.number(Math.round(state.bytes / megabyte)), size })
  return (
    <div className="grid min-w-0 gap-2 rounded-lg border border-line p-3 text-sm sm:col-span-2">
      {state.installing && (
        <>
          <p>{running}</p>
          <Progress value={state.bytes / state.expectedBytes} label={running} />
        </>
      )}
      <div role="status" className="empty:sr-only">
        {state.installed && <p>{t('unsandboxed')}</p>}
      </div>
      {!state.installed && !state.installing && <Offered state={state} size={size} busy={busy} onBegin={begin} />}
    </div>
  )
}
