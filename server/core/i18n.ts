import { getRequestConfig } from 'next-intl/server'
import { dress } from './dress.ts'
import type { Locale } from './locales.ts'
import type en from './messages/en.json'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof en
  }
}

/** What each request is answered in; the path never says it. */
export default getRequestConfig(async () => {
  const { locale } = await dress()
  const messages = (await import(`./messages/${locale}.json`)).default
  // Pages are drawn in UTC on the server and in the reader's own zone once they are alive; `now` keeps both first drawings equal.
  return { locale, messages, now: new Date(), timeZone: 'UTC' }
})
