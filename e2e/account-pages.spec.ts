import { type Page, request } from '@playwright/test'
import { look } from './look.ts'
import { call } from './operator.ts'
import { expect, type Person, test } from './people.ts'
import { baseURL } from './place.ts'
import { languages, speak, wordsOf } from './words.ts'

const publicPages = ['/beta', '/privacy', '/docs/api', '/feedback?page=/beta', '/sign-in?error=Suspended', '/invitations/inv_unknown']
const accountPages = ['/account', '/account/sessions', '/account/tokens', '/account/data', '/onboarding']
const adminPages = [
  '/admin',
  '/admin/applications',
  '/admin/applications?status=APPROVED',
  '/admin/users',
  '/admin/audit',
  '/admin/mail',
  '/admin/feedback',
  '/admin/ledger',
  '/admin/keys',
]

const words = wordsOf('en')

for (const language of languages) {
  test.describe(`pages of accounts and administration in ${language}`, () => {
    const words = wordsOf(language)

    async function open(as: (person: Person | null) => Promise<Page>, person: Person | null): Promise<Page> {
      const page = await as(person)
      await speak(page, language)
      return page
    }

    async function visit(page: Page, path: string): Promise<void> {
      const answer = await page.goto(path)
      expect(answer?.status(), path).toBe(200)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('heading').first()).toBeVisible()
      await look(page, path)
    }

    test('for everybody', async ({ as }) => {
      const page = await open(as, null)
      for (const path of publicPages) await visit(page, path)
    })

    test("one's own account", async ({ as }) => {
      const page = await open(as, 'Sam Rivers')
      for (const path of accountPages) await visit(page, path)
    })

    test('a token is made, shown once, and revoked', async ({ as }) => {
      const page = await open(as, 'Sam Rivers')
      await page.goto('/account/tokens')
      const name = `Robot ${language}`
      await page.getByLabel(words('tokens.create.name')).fill(name)
      await page.getByRole('button', { name: words('tokens.create.action') }).click()
      const secret = await page.getByLabel(words('tokens.made.label', { name })).inputValue()
      await look(page, 'a new token')
      const api = await request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${secret}` } })
      expect(await (await api.get('/api/rest/me')).json()).toMatchObject({ email: 'sam@maestro.localhost' })
      await page.reload()
      await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible()
      expect(await page.content()).not.toContain(secret)
      await page.getByRole('row').filter({ hasText: name }).getByRole('button').click()
      await page.getByRole('alertdialog').getByRole('button').last().click()
      await expect.poll(async () => (await api.get('/api/rest/me')).status()).toBe(401)
      await api.dispose()
    })

    test('administration', async ({ as, built: _ }) => {
      const page = await open(as, 'Ada Admin')
      for (const path of adminPages) await visit(page, path)
      await page.goto('/admin/users')
      await page
        .getByRole('link', { name: /Minji Kim/ })
        .first()
        .click()
      await expect(page).toHaveURL(/\/admin\/users\/[\w-]{36}$/)
      await expect(page.getByRole('heading', { level: 1, name: 'Minji Kim' })).toBeVisible()
      await look(page, 'one person')
    })

    test('members and settings of a service; what everybody may read', async ({ as, built }) => {
      const page = await open(as, 'Ada Admin')
      for (const path of ['members', 'settings', 'ledger', 'keys']) await visit(page, `/${built.service}/${path}`)
      await visit(page, `/${built.service}/builds/${built.build}?tab=artifacts&artifact=review.json`)
      const reader = await open(as, null)
      await call('projects.setPublicRead', { service: built.service, publicRead: true })
      try {
        for (const path of [`/${built.service}`, `/${built.service}/builds/${built.build}`]) await visit(reader, path)
      } finally {
        await call('projects.setPublicRead', { service: built.service, publicRead: false })
      }
    })
  })
}

test('what scrolls is in the keyboard’s reach as soon as it does, and only then', async ({ as }) => {
  const page = await as('Sam Rivers')
  await page.goto('/account')
  const box = page
    .getByRole('navigation')
    .locator('div')
    .filter({ has: page.getByRole('link', { name: words('profile.tabs.sessions') }) })
  await expect(box).not.toHaveAttribute('tabindex')
  // Before anything is drawn: whoever looks in between finds no region that scrolls and is out of reach.
  const [wide, narrow] = await box.evaluate(async (element) => {
    const more = element.appendChild(Object.assign(document.createElement('div'), { style: 'width: 4000px' }))
    await Promise.resolve()
    const reached = element.getAttribute('tabindex')
    more.remove()
    await Promise.resolve()
    return [reached, element.getAttribute('tabindex')]
  })
  expect([wide, narrow]).toEqual(['0', null])
})

test('administration is not there for others', async ({ as }) => {
  const page = await as('Sam Rivers')
  for (const path of adminPages) expect((await page.goto(path))?.status(), path).toBe(404)
})
