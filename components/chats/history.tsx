'use client'

import { Archive, ArrowLeft, MessagesSquare, Plus, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useNow, useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { useFocusKept } from '@/components/client/use-focus-kept.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { useTimeZone } from '@/components/ui/time.tsx'
import { inGroups } from './groups.ts'
import { HistoryRow } from './history-row.tsx'
import { HistorySearch } from './history-search.tsx'
import { type Listed, useHistory } from './use-history.ts'

const settleMs = 300

/** Moves the focus between conversations with the arrow keys, so that a long list is walked without a hundred tabs. */
function walk(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || !(event.target as HTMLElement).matches('[data-chat]')) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-chat]')]
  const next = links[links.indexOf(event.target as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** Asks for the next page when the end of the list comes into sight. */
function useEnd(reached: () => void, active: boolean) {
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(reached)
  latest.current = reached
  useEffect(() => {
    if (!active || !end.current) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current())
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [active])
  return end
}

function Groups({ items, current }: { items: readonly Listed[]; current: string | undefined }) {
  const t = useTranslations('chats.groups')
  const now = useNow({ updateInterval: 60_000 })
  const timeZone = useTimeZone() ?? 'UTC'
  const found = useMemo(() => inGroups(items, now, timeZone), [items, now, timeZone])
  return found.map(({ group, items: chats }) => (
    <section key={group} aria-label={t(group)} className="mb-3">
      <p aria-hidden className="px-2.5 pb-1 font-medium text-faint text-xs">
        {t(group)}
      </p>
      <ul>
        {chats.map((chat) => (
          <HistoryRow key={chat.id} chat={chat} current={chat.id === current} />
        ))}
      </ul>
    </section>
  ))
}

function Nothing({ search, archived }: { search: string; archived: boolean }) {
  const t = useTranslations('chats')
  if (search)
    return (
      <EmptyState icon={<SearchX aria-hidden />} title={t('nothingFound')}>
        {t('nothingFoundText')}
      </EmptyState>
    )
  return (
    <EmptyState icon={<MessagesSquare aria-hidden />} title={t(archived ? 'emptyArchive' : 'empty')}>
      {archived ? null : t('emptyText')}
    </EmptyState>
  )
}

/** To what was put away, and back. */
function ArchiveSwitch({ archived, onChange }: { archived: boolean; onChange: (archived: boolean) => void }) {
  const t = useTranslations('chats')
  const alive = useAlive()
  return (
    <div className="shrink-0 border-t p-1.5">
      <Button variant="ghost" size="sm" className="w-full justify-start" disabled={!alive} onClick={() => onChange(!archived)}>
        {archived ? <ArrowLeft aria-hidden /> : <Archive aria-hidden />}
        {t(archived ? 'backToAll' : 'archive')}
      </Button>
    </div>
  )
}

/** Nothing came: why, and the way to ask again. */
function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations('chats')
  const failure = useFailureWords()
  return (
    <EmptyState title={t('failed')} action={<Button onClick={retry}>{t('again')}</Button>}>
      {failure(error).text}
    </EmptyState>
  )
}

interface Props {
  /** The one that is shown beside the list. */
  current?: string
  /** Without its own way to a new one: the page has it. */
  plain?: boolean
}

/** All of a person's conversations: searched, grouped by day, and kept up to date. */
export function ChatHistory({ current, plain = false }: Props) {
  const t = useTranslations('chats')
  const [typed, setTyped] = useState('')
  const [archived, setArchived] = useState(false)
  const search = useSettled(typed.trim(), settleMs)
  const history = useHistory({ search, archived })
  const { items, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, isPending, isError, isPlaceholderData } = history
  const more = () => void fetchNextPage()
  // A search that was cut goes on only when it is asked to, and so does what failed.
  const end = useEnd(more, hasNextPage && !isFetchingNextPage && !isFetchNextPageError && search === '')
  const list = useRef<HTMLElement>(null)
  useFocusKept(list, { rows: 'li', instead: '[data-history-search] input' })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid shrink-0 gap-2 p-2">
        {!plain && (
          <Button asChild className="w-full justify-start">
            <Link href="/workspace">
              <Plus aria-hidden />
              {t('new')}
            </Link>
          </Button>
        )}
        <HistorySearch slash={plain} typed={typed} onType={setTyped} busy={search !== '' && (isPlaceholderData || isPending)} />
      </div>
      <section ref={list} aria-label={t('list')} onKeyDown={walk} className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-2">
        {isError && items.length === 0 && <Failed error={history.error} retry={() => void history.refetch()} />}
        {isPending && (
          <p role="status" className="px-2.5 py-2 text-faint text-sm">
            {t('loading')}
          </p>
        )}
        {!isPending && !isError && items.length === 0 && <Nothing search={search} archived={archived} />}
        <Groups items={items} current={current} />
        {history.cut && <p className="px-2.5 py-1 text-muted text-xs">{t('cut')}</p>}
        <div ref={end} />
        {hasNextPage && (
          <Button variant="ghost" size="sm" className="w-full" disabled={isFetchingNextPage} onClick={more}>
            {isFetchingNextPage ? t('loading') : t(search ? 'searchOn' : 'more')}
          </Button>
        )}
      </section>
      <ArchiveSwitch archived={archived} onChange={setArchived} />
    </div>
  )
}
