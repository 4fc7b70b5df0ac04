'use client'

import { useEffect, useRef, useState } from 'react'

const key = 'maestro-feedback'

/** Does what a browser may refuse that keeps nothing of any page; the form works without it. */
function ifKept<T>(work: (kept: Storage) => T): T | null {
  try {
    return work(sessionStorage)
  } catch {
    return null
  }
}

/** What somebody is about to tell us. The words outlive a closed dialog, a failure and a reload; the picture all but the last. */
export interface FeedbackDraft {
  text: string
  page: string
  picture: Blob | null
  /** Sent again as it was, it is the same request. */
  requestId(): string
  change(part: { text?: string; page?: string; picture?: Blob | null }): void
  /** After it was sent. */
  forget(): void
}

export function useFeedbackDraft(firstPage: string): FeedbackDraft {
  const [text, setText] = useState('')
  const [page, setPage] = useState(firstPage)
  const [picture, setPicture] = useState<Blob | null>(null)
  const request = useRef<string>(undefined)
  // What was typed before this page listened stays.
  useEffect(() => setText((typed) => typed || ifKept((kept) => kept.getItem(key)) || ''), [])
  useEffect(() => setPage(firstPage), [firstPage])
  const write = (words: string) => {
    setText(words)
    ifKept((kept) => (words ? kept.setItem(key, words) : kept.removeItem(key)))
  }
  return {
    text,
    page,
    picture,
    requestId: () => {
      request.current ??= crypto.randomUUID()
      return request.current
    },
    change: (part) => {
      request.current = undefined
      if (part.text !== undefined) write(part.text)
      if (part.page !== undefined) setPage(part.page)
      if (part.picture !== undefined) setPicture(part.picture)
    },
    forget: () => {
      request.current = undefined
      write('')
      setPicture(null)
    },
  }
}
