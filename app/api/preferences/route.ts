import { baseUrl } from '@/server/core/env.ts'
import { ownAddress } from '@/server/core/http.ts'
import { localeCookie, locales } from '@/server/core/locales.ts'
import { themeCookie, themes } from '@/server/core/themes.ts'

const year = 365 * 24 * 3600
const choices: Record<string, { cookie: string; values: readonly string[] }> = {
  locale: { cookie: localeCookie, values: locales },
  theme: { cookie: themeCookie, values: themes },
}

/** Keeps a choice of language or theme in a cookie. A form comes back to the page it was sent from; a script gets no content. */
export async function POST(request: Request): Promise<Response> {
  const wanted = new URLSearchParams((await request.text()).slice(0, 200))
  const headers = new Headers({ 'cache-control': 'no-store' })
  const secure = baseUrl().startsWith('https:') ? '; Secure' : ''
  for (const [name, { cookie, values }] of Object.entries(choices)) {
    const value = wanted.get(name)
    if (value && values.includes(value))
      headers.append('set-cookie', `${cookie}=${value}; Path=/; Max-Age=${year}; SameSite=Lax; HttpOnly${secure}`)
  }
  if (!request.headers.get('accept')?.includes('text/html')) return new Response(null, { status: 204, headers })
  // The browser says where the form stood; as a path the answer fits whichever of our names was dialled.
  const { pathname, search } = new URL(ownAddress(request.headers.get('referer') ?? '/', baseUrl()))
  headers.set('location', `${pathname}${search}`)
  return new Response(null, { status: 303, headers })
}
