'use client'

import { useEffect, useRef, useState } from 'react'
import { type ApplicationDraft, readDraft } from './application-draft.ts'

/** Does what a browser may refuse that keeps nothing of any page; a form works without it. */
function ifKept<T>(work: (kept: Storage) => T): T | null {
  try {
    return work(sessionStorage)
  } catch {
    return null
  }
}

/** The form's content; it outlives a reload and a change of the language, in this tab alone, until `forget`. */
export function useDraft(first: ApplicationDraft, email: string) {
  const key = `maestro-application ${email}`
  const begun = useRef(first)
  const [draft, setDraft] = useState(first)
  useEffect(() => setDraft(readDraft(ifKept((kept) => kept.getItem(key)) ?? null, begun.current)), [key])
  const change = (part: Partial<ApplicationDraft>) => {
    const after = { ...draft, ...part }
    setDraft(after)
    ifKept((kept) => kept.setItem(key, JSON.stringify(after)))
  }
  return { draft, change, forget: () => ifKept((kept) => kept.removeItem(key)) }
}
