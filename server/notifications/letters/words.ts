import { createTranslator } from 'use-intl/core'
import { type Locale, locales } from '@/server/core/locales.ts'
import en from '@/server/core/messages/en.json' with { type: 'json' }
import ko from '@/server/core/messages/ko.json' with { type: 'json' }

const messages: Record<Locale, typeof en> = { en, ko }

/** The language to write in; the first of ours where the receiver's is not known. */
export const letterLocale = (wanted: string | null): Locale => locales.find((locale) => locale === wanted) ?? locales[0]

/** The sentences of the letters in one language. */
export const wordsFor = (locale: Locale) => createTranslator({ locale, messages: messages[locale], namespace: 'mail', timeZone: 'UTC' })
export type Words = ReturnType<typeof wordsFor>
