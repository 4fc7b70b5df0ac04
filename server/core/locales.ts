/** The languages of the interface; the first is the one to fall back on. */
export const locales = ['en', 'ko'] as const
export type Locale = (typeof locales)[number]

/** The cookie in which a person's choice of language is kept. */
export const localeCookie = 'maestro-locale'

const isLocale = (value: string | null | undefined): value is Locale => (locales as readonly (string | null | undefined)[]).includes(value)

/**
 * The language for a request: the person's own, which follows them to every browser, else the cookie's if it is one of ours, else the
 * browser's most wanted one that is, else English.
 */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null, own?: string | null): Locale {
  const chosen = [own, cookie].find(isLocale)
  if (chosen) return chosen
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { language: tag.toLowerCase().split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wanted.map(({ language }) => language).find(isLocale) ?? locales[0]
}
