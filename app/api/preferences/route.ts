import { profileInput } from '@/server/accounts/schema.ts'
import { changeProfile } from '@/server/accounts/service.ts'
import { baseUrl } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { browserForRequest } from '@/server/core/gates.ts'
import { ownPath } from '@/server/core/http.ts'
import { localeCookie, locales } from '@/server/core/locales.ts'
import { themeCookie, themes } from '@/server/core/themes.ts'

const year = 365 * 24 * 3600
/** What takes a choice back: the language is the browser's own again. */
const none = 'browser'
const choices: Record<string, { cookie: string; values: readonly string[] }> = {
  locale: { cookie: localeCookie, values: [...locales, none] },
  theme: { cookie: themeCookie, values: themes },
}

/** Keeps a signed-in person's choice for all their browsers, too; for anybody else the cookie alone remembers it. */
async function keepForPerson(request: Request, chosen: Record<string, string>): Promise<void> {
  try {
    const { actor } = await browserForRequest(request)
    await changeProfile(actor.id, profileInput.parse(chosen.locale === none ? { ...chosen, locale: null } : chosen))
  } catch (error) {
    if (!isAppError(error)) throw error
  }
}

/** Keeps a choice of language or theme in a cookie. A form comes back to the page it was sent from; a script gets no content. */
export async function POST(request: Request): Promise<Response> {
  const wanted = new URLSearchParams((await request.text()).slice(0, 200))
  const headers = new Headers({ 'cache-control': 'no-store' })
  const secure = baseUrl().startsWith('https:') ? '; Secure' : ''
  const chosen: Record<string, string> = {}
  for (const [name, { cookie, values }] of Object.entries(choices)) {
    const value = wanted.get(name)
    if (!value || !values.includes(value)) continue
    chosen[name] = value
    const age = value === none ? 0 : year
    headers.append('set-cookie', `${cookie}=${value}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${secure}`)
  }
  if (Object.keys(chosen).length > 0) await keepForPerson(request, chosen)
  if (!request.headers.get('accept')?.includes('text/html')) return new Response(null, { status: 204, headers })
  // The browser says where the form stood.
  headers.set('location', ownPath(request.headers.get('referer') ?? '/', baseUrl()))
  return new Response(null, { status: 303, headers })
}
