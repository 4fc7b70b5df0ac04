'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { type Completion, isCommand, matchingPrompts, type PromptName } from './completion.ts'
import type { Choice } from './completion-list.tsx'
import { safeText } from './safe-text.ts'

export type Picked = { kind: 'prompt'; name: PromptName; text: string } | { kind: 'agent'; id: string; name: string }

const shown = 8

/** What can be picked for what is being completed, and the keys that do it. */
export function useCompletion(completion: Completion | null, pick: (picked: Picked) => void, dismiss: () => void) {
  const t = useTranslations('composer')
  const trpc = useTRPC()
  const [at, setAt] = useState({ words: '', index: 0 })
  const wanted = completion?.kind === 'agent' ? completion.words : null
  const search = useSettled(wanted, 120)
  const agents = useQuery({
    ...trpc.agents.list.queryOptions({ ...(search && { search }), status: 'active', limit: shown, sort: 'lastRun' }),
    enabled: wanted !== null,
  })
  // Until those are there that go by what is written, no key picks another one.
  const loading = wanted !== null && ((search ?? '') !== wanted || agents.isPending)
  const options = useMemo((): { choice: Choice; picked: Picked }[] => {
    if (completion?.kind === 'prompt')
      return matchingPrompts(completion.words, (name) => t(`prompts.${name}.word`)).map((name) => ({
        choice: { key: name, title: `/${t(`prompts.${name}.word`)}`, about: t(`prompts.${name}.about`) },
        picked: { kind: 'prompt', name, text: isCommand(name) ? '' : t(`prompts.${name}.text`) },
      }))
    if (completion?.kind !== 'agent') return []
    return (agents.data?.items ?? []).map(({ id, name, description }) => ({
      choice: { key: id, title: safeText(name), about: safeText(description) },
      picked: { kind: 'agent', id, name },
    }))
  }, [completion, agents.data, t])
  const key = `${completion?.kind} ${completion?.words}`
  const index = Math.min(at.words === key ? at.index : 0, Math.max(0, options.length - 1))
  const pickAt = (which: number) => {
    const option = options[which]
    if (option) pick(option.picked)
  }
  /** Whether the key was one of the list's. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!completion) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length > 0) setAt({ words: key, index: (index + step + options.length) % options.length })
    else if ((event.key === 'Enter' || event.key === 'Tab') && (loading || options.length > 0)) {
      if (!loading) pickAt(index)
    } else if (event.key === 'Escape') dismiss()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { shown: { choices: options.map(({ choice }) => choice), at: index, loading, onPick: pickAt }, onKey }
}
