'use client'

import { NextIntlClientProvider, useLocale, useMessages } from 'next-intl'
import { type ReactNode, useMemo } from 'react'

export type Messages = ReturnType<typeof useMessages>

/** Adds messages to those that the provider above has. */
export function WordsBeside({ messages, children }: { messages: Partial<Messages>; children: ReactNode }) {
  const above = useMessages()
  const both = useMemo(() => ({ ...above, ...messages }), [above, messages])
  return (
    <NextIntlClientProvider locale={useLocale()} messages={both}>
      {children}
    </NextIntlClientProvider>
  )
}
