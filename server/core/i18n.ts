import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { chooseLocale, type Locale, localeCookie } from './locales.ts'
import type en from './messages/en.json'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof en
  }
}

/** What each request is answered in: the language of its cookie, else of its browser. The path never says it. */
export default getRequestConfig(async () => {
  const locale = chooseLocale((await cookies()).get(localeCookie)?.value, (await headers()).get('accept-language'))
  const messages = (await import(`./messages/${locale}.json`)).default
  // Pages are drawn in UTC on the server and in the reader's own zone once they are alive; `now` keeps both first drawings equal.
  return { locale, messages, now: new Date(), timeZone: 'UTC' }
})
