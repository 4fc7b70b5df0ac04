'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Progress } from '@/components/ui/progress.tsx'

const lookMs = 1_500
const megabyte = 1_000_000

/** Offers to install Claude Code where it is missing, says what that takes, and shows how it goes. */
export function EngineOffer() {
  const t = useTranslations('agentForm.engineInstall')
  const format = useFormatter()
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
  if (!data) return null
  const size = format.number(Math.round(data.expectedBytes / megabyte))
  const done = format.number(Math.round(data.bytes / megabyte))
  return (
    <div className="grid min-w-0 gap-2 rounded-lg border border-line p-3 text-sm sm:col-span-2" aria-live="polite">
      {data.installing && (
        <>
          <p>{t('running', { done, size })}</p>
          <Progress value={data.bytes / data.expectedBytes} label={t('running', { done, size })} />
        </>
      )}
      {installed && <p>{t('unsandboxed')}</p>}
      {!installed && !data.installing && (
        <>
          <p>{t('offer', { size })}</p>
          {!data.mayInstall && <p className="text-muted">{t('ask')}</p>}
          {data.failed !== null && <p className="text-bad">{t('failed')}</p>}
          {data.failed && (
            <details className="min-w-0">
              <summary>{t('why')}</summary>
              <pre className="max-h-40 overflow-auto whitespace-pre-wrap break-words text-xs">
                <bdi>{data.failed}</bdi>
              </pre>
            </details>
          )}
          {data.mayInstall && (
            <div>
              <Button size="sm" disabled={install.isPending} onClick={() => install.mutate()}>
                {t('begin')}
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  )
}
