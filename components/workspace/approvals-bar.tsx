'use client'

import { useQuery } from '@tanstack/react-query'
import { Hand } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { memo, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import type { Approval } from '@/server/workspace/schema.ts'
import { DecideButtons } from './decide-buttons.tsx'
import { Fold } from './fold.tsx'
import { safeText } from './safe-text.ts'
import { inputFields } from './tool-input.ts'
import { ToolInput } from './tool-text.tsx'
import { inputSummary, useToolName } from './tool-words.ts'

interface Props {
  sessionId: string
  onDecide: (approvalId: string, decision: 'allow' | 'always' | 'deny') => void
}

function Waiting({ approval, here, onDecide }: { approval: Approval; here: boolean; onDecide: Props['onDecide'] }) {
  const t = useTranslations('thread.approve')
  const thread = useTranslations('thread')
  const nameOf = useToolName()
  const [open, setOpen] = useState(false)
  const tool = nameOf(approval.tool)
  const ask = t('ask', { name: safeText(approval.agentName ?? thread('agent')), tool })
  return (
    <li data-approval={approval.id} className="border-t px-3 py-2 first:border-t-0">
      {!here && (
        <p className="px-2 text-faint text-xs">
          <Link href={`/workspace/${approval.sessionId}`} className="rounded hover:underline">
            <bdi>{t('other', { title: safeText(approval.title ?? t('elsewhere')) })}</bdi>
          </Link>
        </p>
      )}
      <Fold
        open={open}
        onOpen={setOpen}
        icon={<Hand aria-hidden className="text-warn" />}
        title={
          <>
            <span className="font-medium text-ink">{ask}</span>
            <bdi className="ml-2 font-mono text-xs">{inputSummary(inputFields(approval.input ?? '') ?? [])}</bdi>
          </>
        }
      >
        {approval.input === null ? <p className="text-warn">{t('unreadable')}</p> : <ToolInput input={approval.input} />}
      </Fold>
      <DecideButtons className="px-2 pt-1" about={tool} onDecide={(decision) => onDecide(approval.id, decision)} />
    </li>
  )
}

/** Everything that waits for this person's word, of all conversations; what was decided elsewhere leaves at once. */
export const ApprovalsBar = memo(function ApprovalsBar({ sessionId, onDecide }: Props) {
  const t = useTranslations('thread.approve')
  const trpc = useTRPC()
  // The way to the workspace, which stands above every page, reads them again whenever they changed.
  const { data } = useQuery(trpc.workspace.approvals.queryOptions())
  const alive = useAlive()
  // Those of other conversations stand in the list of them, too: here they take one line until somebody wants more.
  const [others, setOthers] = useState(false)
  const waiting = (data ?? []).filter(({ state }) => state === 'waiting').sort((a, b) => a.askedAt.localeCompare(b.askedAt))
  const here = waiting.filter((one) => one.sessionId === sessionId)
  const elsewhere = waiting.filter((one) => one.sessionId !== sessionId)
  // The page's head may have read them before this part of the page listens, which then begins with what the server drew: nothing.
  if (!alive || waiting.length === 0) return null
  const list = (approvals: readonly Approval[], own: boolean) => (
    <ul className="max-h-[40dvh] overflow-y-auto border-t">
      {approvals.map((approval) => (
        <Waiting key={approval.id} approval={approval} here={own} onDecide={onDecide} />
      ))}
    </ul>
  )
  return (
    <section
      aria-label={t('title', { count: waiting.length })}
      className="mb-2 overflow-hidden rounded-xl border border-warn/40 bg-surface"
    >
      <p role="status" className="bg-warn-soft px-5 py-1.5 font-medium text-warn text-xs">
        {t('title', { count: waiting.length })}
      </p>
      {here.length > 0 && list(here, true)}
      {elsewhere.length > 0 && (
        <Fold
          open={others}
          onOpen={setOthers}
          icon={<Hand aria-hidden className="text-warn" />}
          title={t('elsewhereCount', { count: elsewhere.length })}
          className="border-t px-1"
        >
          {list(elsewhere, false)}
        </Fold>
      )}
    </section>
  )
})
