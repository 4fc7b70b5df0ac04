import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { createTranslator } from 'use-intl/core'
import type messages from '@/server/core/messages/en.json'
import { baseURL } from './place.ts'

export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]

/** What the interface says in a language: `wordsOf('ko')('account.signOut')`. */
export function wordsOf(language: Language) {
  const file = new URL(`../server/core/messages/${language}.json`, import.meta.url)
  return createTranslator<typeof messages>({ locale: language, messages: JSON.parse(readFileSync(file, 'utf8')) as typeof messages })
}
export type Words = ReturnType<typeof wordsOf>

/** Sets a page's language as its reader's own choice does. */
export const speak = (page: Page, language: Language) =>
  page.context().addCookies([{ name: 'maestro-locale', value: language, url: baseURL }])
