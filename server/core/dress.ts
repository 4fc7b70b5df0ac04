import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { chooseLocale, type Locale, localeCookie } from './locales.ts'
import { callerOfPage } from './page-caller.ts'
import { chooseTheme, type Theme, themeCookie } from './themes.ts'

/** What a page is drawn in: its reader's language and theme, found out once for each request. */
export const dress = cache(async (): Promise<{ locale: Locale; theme: Theme }> => {
  const [given, jar] = [await headers(), await cookies()]
  // A page is drawn for whoever asks, also where their token is not known.
  const { actor } = await callerOfPage(given).catch(() => ({ actor: null }))
  return {
    locale: chooseLocale(jar.get(localeCookie)?.value, given.get('accept-language'), actor?.locale),
    theme: chooseTheme(jar.get(themeCookie)?.value, actor?.theme),
  }
})
