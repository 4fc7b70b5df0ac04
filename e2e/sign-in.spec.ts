import type { APIResponse, Page } from '@playwright/test'
import { chooseIdentity, expect, type Person, test } from './people.ts'
import { baseURL } from './place.ts'

const session = 'next-auth.session-token'

for (const place of ['/dashboard', '/projects/new', '/some-service/builds/3?tab=criteria']) {
  test(`who is not signed in is led to the sign-in page from ${place}, and back`, async ({ as }) => {
    const page = await as(null)
    await page.goto(place)
    await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
    await chooseIdentity(page, 'Sam Rivers')
    await expect(page).toHaveURL(place)
  })
}

test('a callback that nobody asked for signs nobody in', async ({ as }) => {
  const page = await as(null)
  await page.goto('/api/auth/callback/google?code=forged&state=forged')
  await expect(page).toHaveURL(/\/sign-in\?/)
  await expect(page.getByText('The sign-in did not work. Please try again.')).toBeVisible()
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain(session)
})

/** Goes the way to Google's stand-in and stops before the last step: gives the address that would sign this browser in. */
async function callbackFor(page: Page, person: Person): Promise<string> {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  const sub = await page.getByRole('button', { name: person }).getAttribute('value')
  let answer = await page.request.post(page.url(), { form: { sub: sub ?? '' }, maxRedirects: 0 })
  for (;;) {
    const next = new URL(answer.headers().location ?? '', answer.url()).href
    if (next.startsWith(`${baseURL}/api/auth/callback/google?code=`)) return next
    answer = await page.request.get(next, { maxRedirects: 0 })
  }
}

test("a callback of somebody else's sign-in signs nobody in", async ({ as }) => {
  const attacker = await as(null)
  const callback = await callbackFor(attacker, 'Sam Rivers')
  const victim = await as(null)
  const failure = (page: Page) => page.getByText('The sign-in did not work. Please try again.')
  await victim.goto(callback)
  await expect(failure(victim)).toBeVisible()
  await victim.goto('/dashboard')
  await expect(victim).toHaveURL(/\/sign-in/)

  const other = new URL(callback)
  other.searchParams.set('state', `${other.searchParams.get('state')}x`)
  await attacker.goto(other.href)
  await expect(failure(attacker)).toBeVisible()
})

test('a callback signs in once', async ({ as }) => {
  const page = await as(null)
  const callback = await callbackFor(page, 'Sam Rivers')
  const before = await page.context().cookies()
  await page.goto(callback)
  await expect(page.getByRole('button', { name: 'Account of Sam Rivers' })).toBeVisible()
  await page.context().clearCookies()
  await page.context().addCookies(before)
  await page.goto(callback)
  await expect(page.getByText('The sign-in did not work. Please try again.')).toBeVisible()
})

for (const elsewhere of [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  'javascript:alert(1)',
  'http://',
  `${baseURL}.evil.example/`,
]) {
  test(`a sign-in that is to end at ${elsewhere} ends here`, async ({ as }) => {
    const page = await as(null)
    const left: string[] = []
    page.on('request', (request) => /evil/.test(new URL(request.url()).hostname) && left.push(request.url()))
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(elsewhere)}`)
    await chooseIdentity(page, 'Sam Rivers')
    await expect.poll(async () => (await page.context().cookies(baseURL)).map(({ name }) => name)).toContain(session)
    await page.waitForLoadState('networkidle')
    expect(new URL(page.url()).origin).toBe(baseURL)
    expect(left).toEqual([])
    await page.goto('/dashboard')
    await expect(page.getByRole('button', { name: 'Account of Sam Rivers' })).toBeVisible()
  })
}

for (const elsewhere of ['https://evil.example/', '//evil.example/', `${baseURL}@evil.example/`]) {
  test(`nobody is sent to ${elsewhere} by the cookie, the ends of a sign-in, or a form`, async ({ as }) => {
    const page = await as(null)
    const location = async (answer: Promise<APIResponse>) => (await answer).headers().location ?? ''
    const stays = (to: string) => expect(new URL(to || '/', baseURL).origin).toBe(baseURL)
    const [form, origin] = [await page.request.get('/api/auth/csrf'), baseURL]
    const { csrfToken } = (await form.json()) as { csrfToken: string }
    await page.context().addCookies([{ name: 'next-auth.callback-url', value: encodeURIComponent(elsewhere), url: baseURL }])
    await page.goto('/sign-in')
    await chooseIdentity(page, 'Sam Rivers')
    await page.waitForURL((url) => url.origin === baseURL && !url.pathname.startsWith('/sign-in'))
    stays(page.url())
    for (const [path, data] of [
      ['/api/auth/signout', { csrfToken, callbackUrl: elsewhere }],
      ['/api/preferences', { locale: 'en', callbackUrl: elsewhere }],
    ] as const) {
      const headers = { origin, referer: elsewhere, accept: 'text/html' }
      stays(await location(page.request.post(path, { form: data, headers: { ...headers, referer: elsewhere }, maxRedirects: 0 })))
    }
    stays(await location(page.request.get(`/api/auth/signin?callbackUrl=${encodeURIComponent(elsewhere)}`, { maxRedirects: 0 })))
    stays(await location(page.request.get(`${baseURL}//evil.example/%2e%2e`, { maxRedirects: 0 })))
  })
}

test('a session cookie that was tampered with is none', async ({ as }) => {
  const page = await as('Sam Rivers')
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === session)
  if (!cookie) throw new Error('there is no session')
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  const other = cookie.value.startsWith('0') ? '1' : '0'
  await page.context().addCookies([{ ...cookie, value: other + cookie.value.slice(1) }])
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('signing out ends the session on the server, not the cookie alone', async ({ as }) => {
  const page = await as(null)
  await page.goto('/sign-in')
  await chooseIdentity(page, 'Sam Rivers')
  await page.getByRole('button', { name: 'Account of Sam Rivers' }).click()
  const kept = await page.context().cookies()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in with Google' }).first()).toBeVisible()
  await page.context().addCookies(kept)
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a sign-in that went wrong says so in words of ours', async ({ as }) => {
  const page = await as(null)
  await page.goto('/sign-in?error=AccessDenied')
  await expect(page.getByText('you cancelled')).toBeVisible()
  await page.goto('/sign-in?error=%3Cscript%3E')
  await expect(page.getByText('The sign-in did not work. Please try again.')).toBeVisible()
})
