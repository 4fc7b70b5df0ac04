'use client'

import { Bot, PanelLeft, PanelRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, type ReactNode } from 'react'
import { useDemoCost } from '@/components/ai/cost.tsx'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import type { Chat } from '@/server/chats/schema.ts'
import { ChatTitle } from './chat-title.tsx'
import { useAmounts } from './money.ts'
import { safeText } from './safe-text.ts'
import { ShortcutsHelp } from './shortcuts-help.tsx'

interface Props {
  chat: Chat
  menu: ReactNode
  history: { open: boolean; toggle: () => void } | null
  panel: { open: boolean; toggle: () => void } | null
}

/** Who answers, and what it has taken so far; nothing where nobody has been asked. */
function useTold(chat: Chat): { agent: string; spent: string | null; about: string | null } {
  const t = useTranslations('workspace')
  const amounts = useAmounts()
  const tokens = chat.inputTokens + chat.outputTokens
  const about = useDemoCost()
  const amount = { tokens: amounts.tokens(tokens), cost: amounts.cost(chat.costMicros) }
  const spent = tokens > 0 ? t(about ? 'spentDemo' : 'spent', amount) : null
  return { agent: chat.agentName ? safeText(chat.agentName) : t('noAgent'), spent, about }
}
type Told = ReturnType<typeof useTold>

/** What was spent; what is to be known of it stands in its title, and for screen readers behind it. */
const Spent = ({ spent, about }: Pick<Told, 'spent' | 'about'>) => (
  <span title={about ?? undefined}>
    {spent}
    {about && <span className="sr-only"> {about}</span>}
  </span>
)

/** Where there is no room beside the title, it stands below. */
const Below = ({ agent, spent, about }: Told) => (
  <p data-spent="below" className="flex gap-1.5 overflow-hidden whitespace-nowrap text-[0.6875rem] text-faint leading-tight @xl:hidden">
    <bdi className="min-w-0 truncate">{agent}</bdi>
    {spent && (
      <span className="tabular relative shrink-0">
        <Spent spent={spent} about={about} />
      </span>
    )}
  </p>
)

const AtTheSide = ({ agent, spent, about }: Told) => (
  <>
    <span className="mr-1 hidden items-center gap-1.5 @2xl:flex text-faint text-xs">
      <Bot aria-hidden className="size-3.5" />
      <bdi className="max-w-40 truncate">{agent}</bdi>
    </span>
    {spent && (
      <span data-spent="beside" className="tabular mr-1 hidden text-faint text-xs @xl:inline">
        <Spent spent={spent} about={about} />
      </span>
    )}
  </>
)

/** Above the thread: what the conversation is called, who answers, what it has cost, and what can be done with it. */
export const ChatHeader = memo(function ChatHeader({ chat, menu, history, panel }: Props) {
  const t = useTranslations('workspace')
  const alive = useAlive()
  const told = useTold(chat)
  return (
    <header className="@container flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-2 sm:px-3">
      {history && (
        <Button
          variant="ghost"
          size="icon"
          disabled={!alive}
          aria-expanded={history.open}
          aria-label={t(history.open ? 'closeHistory' : 'openHistory')}
          onClick={history.toggle}
        >
          <PanelLeft aria-hidden />
        </Button>
      )}
      <ChatTitle chat={chat}>
        <Below {...told} />
      </ChatTitle>
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <AtTheSide {...told} />
        <ShortcutsHelp />
        {menu}
        {panel && (
          <Button
            variant="ghost"
            size="icon"
            disabled={!alive}
            aria-expanded={panel.open}
            aria-label={t(panel.open ? 'closePanel' : 'openPanel')}
            onClick={panel.toggle}
          >
            <PanelRight aria-hidden />
          </Button>
        )}
      </div>
    </header>
  )
})
