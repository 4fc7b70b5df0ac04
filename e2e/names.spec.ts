import type { Page } from '@playwright/test'
import { openMail, readable } from './mail.ts'
import { call } from './operator.ts'
import { type Account, expect, newcomer, ownProject, test } from './people.ts'
import { wordsOf } from './words.ts'

const words = wordsOf('en')
/** Markup that would ask for a picture of a name of its own, and act where there is none. */
const markup = (what: string) => `<img src="/api/pwned-${what}" onerror="window.pwned='${what}'">`
const account: Account = { name: markup('person'), email: 'markup.names@example.com' }

/** Fails where any page has made a picture of a name. */
function guard(page: Page): { asked: string[] } {
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/api/pwned') && asked.push(`${page.url()} asked for ${request.url()}`))
  return { asked }
}

/** The page shows `text` as it was written. */
async function expectShown(page: Page, path: string, text: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByText(text).and(page.locator(':visible')).first(), path).toBeVisible()
  expect(await page.evaluate(() => 'pwned' in window), path).toBe(false)
}

async function applyAs(page: Page): Promise<void> {
  await page.goto('/beta')
  await page.getByRole('button', { name: words('signIn.google') }).click()
  await page.getByLabel('Name').fill(account.name)
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('button', { name: words('beta.form.send') })).toBeEnabled()
  await expect(page.getByLabel(words('beta.form.name.label'))).toHaveValue(account.name)
  await page.getByLabel(words('beta.form.company.label')).fill(markup('company'))
  await page.getByLabel(words('beta.form.purpose.label')).fill(markup('purpose'))
  await page.getByLabel(words('beta.form.teamSize.label')).selectOption('2-5')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: words('beta.form.send') }).click()
  await expect(page.getByRole('heading', { name: words('beta.open.title') })).toBeVisible()
}

async function makeToken(page: Page): Promise<void> {
  await page.goto('/account/tokens')
  await expect(page.getByRole('button', { name: words('tokens.create.action') })).toBeEnabled()
  await page.getByLabel(words('tokens.create.name')).fill(markup('token'))
  await page.getByRole('button', { name: words('tokens.create.action') }).click()
  await expect(page.getByLabel(words('tokens.made.label', { name: markup('token') }))).toBeVisible()
}

/** What an administrator sees of this person. */
async function visitAdministration(admin: Page): Promise<void> {
  const { name, email } = account
  await expectShown(admin, `/admin/users?search=${email}`, name)
  await admin.getByRole('link', { name }).and(admin.locator(':visible')).click()
  await expect(admin).toHaveURL(/\/admin\/users\/[\w-]{36}$/)
  for (const text of [name, markup('token'), markup('company')]) {
    await expect(admin.getByText(text).first()).toBeVisible()
  }
  await admin.getByRole('button', { name: words('users.acts.suspend'), exact: true }).click()
  await expect(admin.getByRole('alertdialog')).toContainText(name)
  await expectShown(admin, '/admin/audit', email)
}

test('markup in names, titles and words stays text on every page, in every mail and in the log', async ({ as, built }) => {
  const [page, admin, reader] = [await as(null), await as('Ada Admin'), await as('Ada Admin')]
  const guards = [guard(page), guard(admin), guard(reader)]
  await applyAs(page)
  await expectShown(admin, '/admin/applications', account.name)
  await admin.getByRole('row').filter({ hasText: account.email }).getByRole('button', { expanded: false }).click()
  for (const what of ['company', 'purpose']) await expect(admin.getByText(markup(what)).first()).toBeVisible()
  const notice = await openMail(admin, 'admin@maestro.localhost', words('mail.betaNotice.subject', { name: account.name }))
  for (const what of ['person', 'company', 'purpose']) await expect(readable(notice, markup(what))).toBeVisible()
  const receipt = await openMail(admin, account.email, words('mail.betaReceipt.subject'))
  await expect(readable(receipt, account.name)).toBeVisible()

  // Let in and signed in once more, as everybody is.
  await page.context().clearCookies()
  await newcomer(page, account)
  await makeToken(page)
  const { service, build } = await ownProject(page, markup('title'), 'markup-names')
  for (const path of ['/dashboard', `/${service}`, `/${service}/builds/${build}`, `/${service}/members`, `/${service}/settings`]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  await expectShown(page, '/dashboard', markup('title'))
  await expectShown(page, `/${service}`, markup('title'))
  await expectShown(page, `/${service}/members`, account.name)
  await expectShown(page, '/account/data', markup('title'))
  for (const path of ['/account', '/account/sessions', '/', '/beta', '/onboarding']) await page.goto(path)
  await call('members.invite', { service: built.service, email: account.email, role: 'VIEWER', locale: 'en' })
  const invitation = await openMail(
    admin,
    account.email,
    words('mail.invitation.subject', { inviter: 'Ada Admin', service: built.service }),
  )
  await page.goto((await invitation.getByRole('link', { name: words('mail.invitation.button') }).getAttribute('href')) ?? '')
  await page.getByRole('button', { name: words('invitation.accept') }).click()
  await expect(page).toHaveURL(`/${built.service}`)
  await expectShown(reader, `/${built.service}/members`, account.name)
  await visitAdministration(admin)
  expect(guards.flatMap(({ asked }) => asked)).toEqual([])
  for (const one of [page, admin, reader]) expect(await one.evaluate(() => 'pwned' in window)).toBe(false)
})

test('markup in an address is shown by no page as such', async ({ as }) => {
  const page = await as('Ada Admin')
  const { asked } = guard(page)
  const text = encodeURIComponent(markup('address'))
  for (const path of [
    '/sign-in?error=',
    '/sign-in?callbackUrl=',
    '/feedback?page=',
    '/admin/users?search=',
    '/admin/mail?to=',
    '/no/such/',
    '/',
  ]) {
    await page.goto(`${path}${text}`)
    await expect(page.getByRole('heading').first()).toBeVisible()
    expect(await page.evaluate(() => 'pwned' in window), path).toBe(false)
  }
  expect(asked).toEqual([])
})
