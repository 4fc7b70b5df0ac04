import type { APIResponse, Page } from '@playwright/test'
import { expect, test } from './people.ts'
import { baseURL } from './place.ts'

const ask = (page: Page, path: string): Promise<APIResponse> => page.request.get(path, { maxRedirects: 0 })

test('pages that need somebody answer with the way to the sign-in, others with what they are', async ({ as, built }) => {
  const nobody = await as(null)
  const { service, build } = built
  const closed = ['/dashboard', '/projects/new', '/account', '/account/tokens', '/admin', '/admin/users', '/onboarding']
  for (const path of [...closed, `/${service}`, `/${service}/builds/${build}?tab=criteria`, `/${service}/members`, '/no-such-service']) {
    const answer = await ask(nobody, path)
    expect(answer.status(), path).toBe(307)
    expect(new URL(answer.headers().location ?? '', baseURL).pathname, path).toBe('/sign-in')
    expect(new URL(answer.headers().location ?? '', baseURL).searchParams.get('callbackUrl'), path).toBe(path)
  }
  for (const path of ['/no/such/page/at/all', '/.env', '/api/no-such']) {
    expect((await ask(nobody, path)).status(), path).toBe(404)
  }
  for (const path of ['/', '/beta', '/sign-in', '/privacy', '/docs/api', '/feedback', '/favicon.ico', '/api/health']) {
    expect((await ask(nobody, path)).status(), path).toBe(200)
  }
})

test('what is not there, or not for this person, is a 404', async ({ as, built }) => {
  const { service, build } = built
  const stranger = await as('Sam Rivers')
  for (const path of [
    '/no-such-service',
    `/${service}`,
    `/${service}/builds/${build}`,
    `/${service}/settings`,
    '/admin',
    '/admin/users/00000000-0000-4000-8000-000000000000',
  ]) {
    const answer = await ask(stranger, path)
    expect(answer.status(), path).toBe(404)
    expect(answer.headers()['cache-control'], path).toMatch(/no-store/)
  }
  const owner = await as('Ada Admin')
  for (const path of [`/${service}/builds/99999`, `/${service}/builds/x`, '/admin/users/00000000-0000-4000-8000-000000000000']) {
    expect((await ask(owner, path)).status(), path).toBe(404)
  }
})

test('every page names its policy and lets nobody frame it', async ({ as }) => {
  const page = await as('Ada Admin')
  for (const path of ['/', '/dashboard', '/admin', '/no/such/page/at/all', '/sign-in']) {
    const headers = (await ask(page, path)).headers()
    const policy = headers['content-security-policy'] ?? ''
    expect(policy, path).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic'/)
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).toContain("object-src 'none'")
    expect(policy, path).toContain("base-uri 'none'")
    expect(headers['x-content-type-options'], path).toBe('nosniff')
  }
})
