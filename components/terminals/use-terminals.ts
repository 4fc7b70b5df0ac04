'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import type { Refusal } from './terminal-desk.ts'
import { type Ended, terminalDesk } from './use-screen.ts'

export interface TerminalTab {
  id: string
  number: number
  /** How it ended; what it said stays to be read. */
  end: Ended | null
}

const firstSize = { cols: 80, rows: 24 }
type ErrorKey = Parameters<ReturnType<typeof useTranslations<'errors'>>>[0]
type SaidKey = Parameters<ReturnType<typeof useTranslations<'said'>>>[0]

/** Says why no terminal was started. */
function useRefusal() {
  const errors = useTranslations('errors')
  const said = useTranslations('said')
  return ({ code, key, message, values }: Refusal & { values?: Record<string, number> }) => {
    const title = errors.has(code as ErrorKey) ? errors(code as ErrorKey) : errors('INTERNAL')
    const text = key && said.has(key as SaidKey) ? said(key as SaidKey, values as never) : message
    toast.error(title, text ? { description: text } : undefined)
  }
}

const numberFor = (tabs: readonly TerminalTab[]) => {
  for (let number = 1; ; number++) if (!tabs.some((tab) => tab.number === number)) return number
}

/** The terminals of a conversation: those that run, from whichever page they were started, and those that ended while this page looked. */
export function useTerminals(sessionId: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = trpc.terminals.list.queryOptions({ sessionId })
  // The socket says nothing of terminals that other pages start: whoever comes back to this one looks again.
  const list = useQuery({ ...options, refetchOnWindowFocus: true })
  const [tabs, setTabs] = useState<readonly TerminalTab[]>([])
  const [active, setActive] = useState<string | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  const [starting, setStarting] = useState(false)
  const refuse = useRefusal()

  const running = list.data?.terminals
  useEffect(() => {
    if (!running) return
    setTabs((before) => {
      const next = [...before]
      for (const { id } of running) if (!next.some((tab) => tab.id === id)) next.push({ id, number: numberFor(next), end: null })
      return next.length === before.length ? before : next
    })
    setActive((before) => before ?? running[0]?.id ?? null)
  }, [running])

  const choose = (id: string) => {
    setActive(id)
    setWanted(id)
  }
  const reread = () => void queryClient.invalidateQueries({ queryKey: options.queryKey })
  const start = () => {
    setStarting(true)
    terminalDesk()
      .start(sessionId, firstSize)
      .then(
        (id) => {
          setTabs((before) => (before.some((tab) => tab.id === id) ? before : [...before, { id, number: numberFor(before), end: null }]))
          choose(id)
        },
        (refusal) => refuse(refusal),
      )
      .finally(() => {
        setStarting(false)
        reread()
      })
  }
  const close = (id: string) => {
    const at = tabs.findIndex((tab) => tab.id === id)
    if (!tabs[at]?.end) terminalDesk().end(id)
    const rest = tabs.filter((tab) => tab.id !== id)
    setTabs(rest)
    if (active === id) setActive((rest[at] ?? rest.at(-1))?.id ?? null)
    reread()
  }
  const ended = (id: string, end: Ended) => {
    setTabs((before) => before.map((tab) => (tab.id === id ? { ...tab, end } : tab)))
    reread()
  }
  const limit = list.data?.limit ?? 0
  const isFull = tabs.filter((tab) => !tab.end).length >= limit
  return { list, tabs, active, wanted, choose, start, starting, close, ended, limit, isFull }
}
