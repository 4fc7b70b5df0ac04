import { NextIntlClientProvider } from 'next-intl'
import { getMessages } from 'next-intl/server'
import type { ReactNode } from 'react'
import { type Messages, WordsBeside } from './words-beside.tsx'

/** A part of the message files: `build`, `shell`. */
export type Namespace = keyof Messages

async function pick(of: readonly Namespace[]): Promise<Partial<Messages>> {
  const all = await getMessages()
  return Object.fromEntries(of.map((name) => [name, all[name]]))
}

interface Props {
  /** What the components below say in the browser; nothing else is sent there. */
  of: readonly Namespace[]
  children: ReactNode
}

/** Lets components below speak in the browser, on a page where none did. */
export async function Words({ of, children }: Props) {
  return <NextIntlClientProvider messages={await pick(of)}>{children}</NextIntlClientProvider>
}

/** Sends more words, beside those that a layout above has sent already. */
export async function MoreWords({ of, children }: Props) {
  return <WordsBeside messages={await pick(of)}>{children}</WordsBeside>
}
