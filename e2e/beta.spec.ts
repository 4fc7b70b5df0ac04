import type { Page } from '@playwright/test'
import { faultsOf } from './axe.ts'
import { openMail, readable } from './mail.ts'
import { type Account, expect, test } from './people.ts'
import { speak, type Words, wordsOf } from './words.ts'

const height = 844
const english = wordsOf('en')

async function sound(page: Page, what: string): Promise<void> {
  expect.soft(await faultsOf(page), what).toEqual([])
  const own = page.viewportSize()?.width ?? 0
  for (const width of [own === 390 ? 1280 : 390, own]) {
    await page.setViewportSize({ width, height })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(wide, `${what}: wider than its window of ${width} px`).toBeLessThanOrEqual(0)
  }
}

/** From the front page through Google's stand-in, with an account that nobody here has seen. */
async function comeIn(page: Page, words: Words, { name, email }: Account): Promise<void> {
  await page.goto('/')
  await sound(page, 'landing')
  await page
    .getByRole('link', { name: words('landing.apply') })
    .first()
    .click()
  await expect(page.getByRole('heading', { level: 1, name: words('beta.title') })).toBeVisible()
  await sound(page, 'beta, signed out')
  await page.getByRole('button', { name: words('signIn.google') }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL('/beta')
}

/** Fills the form, first wrongly; sends it twice at once; finds it again after a reload. */
async function apply(page: Page, words: Words): Promise<void> {
  const send = page.getByRole('button', { name: words('beta.form.send') })
  await expect(send).toBeEnabled()
  await page.getByLabel(words('beta.form.purpose.label')).fill('Too short')
  await send.click()
  await expect(page.getByText(words('beta.form.problems.purpose.tooShort', { min: 20 }))).toBeVisible()
  await expect(page.getByText(words('beta.form.problems.teamSize.missing'))).toBeVisible()
  await expect(page.getByText(words('beta.form.problems.consent.missing'))).toBeVisible()
  await sound(page, 'the form, refused')
  await expect(page.getByLabel(words('beta.form.purpose.label'))).toHaveValue('Too short')
  await page.getByLabel(words('beta.form.purpose.label')).fill('A booking page for our rehearsal rooms.')
  await page.getByLabel(words('beta.form.teamSize.label')).selectOption('2-5')
  await page.getByRole('checkbox').check()
  await send.dblclick()
  await expect(page.getByRole('heading', { name: words('beta.open.title') })).toBeVisible()
  await sound(page, 'on the list')
  await page.reload()
  await expect(page.getByRole('heading', { name: words('beta.open.title') })).toBeVisible()
}

/** In the administrators' mailbox: the one mail to `email` with this subject says `text`. */
async function findMail(page: Page, email: string, subject: string, text: string): Promise<void> {
  await expect(readable(await openMail(page, email, subject), text)).toBeVisible()
  await sound(page, `the mail “${subject}”`)
}

async function approve(page: Page, { name, email }: Account): Promise<void> {
  await page.goto('/admin/applications')
  const row = page.getByRole('row').filter({ hasText: email })
  await expect(row).toHaveCount(1)
  await row.getByRole('button', { expanded: false }).click()
  await expect(page.getByText('A booking page for our rehearsal rooms.')).toBeVisible()
  await sound(page, 'the queue of applications')
  const buttons = page.getByRole('button', { name: `${english('applications.approve')} ${name}` })
  await buttons.and(page.locator(':visible')).last().click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByLabel(english('applications.dialog.message')).fill('Welcome & <i>good luck</i>')
  await sound(page, 'the decision')
  await dialog.getByRole('button', { name: english('applications.approve') }).click()
  await expect(page.getByRole('row').filter({ hasText: email })).toHaveCount(0)
}

/** Into the introduction without signing in again, and out of it with a build that runs, or without. */
async function begin(page: Page, words: Words, builds: boolean): Promise<void> {
  await expect(page.getByText(words('beta.approved.title'), { exact: true })).toBeVisible()
  await sound(page, 'let in')
  await page.getByRole('link', { name: words('beta.approved.start') }).click()
  await expect(page).toHaveURL('/onboarding')
  // The address changes before the page does.
  await expect(page.getByText(words('onboarding.intro'))).toBeVisible()
  await sound(page, 'onboarding')
  if (!builds) {
    await page.getByRole('button', { name: words('onboarding.skip') }).click()
    await expect(page).toHaveURL('/dashboard')
    await expect(page.getByRole('heading', { level: 1, name: words('dashboard.title') })).toBeVisible()
    return
  }
  await page.getByText(words('onboarding.samples.bookmarks.title')).click()
  await page.getByRole('button', { name: words('onboarding.build') }).click()
  await expect(page).toHaveURL(/\/builds\/1$/)
  await expect(page.locator('[data-stage="specification"]')).toBeVisible()
  await expect(page.locator('span[aria-live=polite]')).toHaveText(words('status.SUCCESS'), { timeout: 240_000 })
  await sound(page, 'the first build')
}

async function signOut(page: Page, words: Words, { name }: Account): Promise<void> {
  await page.getByRole('button', { name: words('account.menu', { name }) }).click()
  await page.getByRole('menuitem', { name: words('account.signOut') }).click()
  await expect(page).toHaveURL('/')
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('next-auth.session-token')
}

// A language and a width each are looked at whole; whether a page fits is asked at the other width, too.
for (const [language, width] of [
  ['en', 1280],
  ['ko', 390],
] as const) {
  test(`from the front page through the beta to a first build, in ${language} at ${width} px`, async ({ as }) => {
    const words = wordsOf(language)
    // The name would be markup where it is not escaped.
    const applicant = { name: `<b>Hana ${language} ${width}</b>`, email: `hana-${language}-${width}.band@example.com` }
    const { name, email } = applicant
    const guest = await as(null, { viewport: { width, height } })
    await speak(guest, language)
    await comeIn(guest, words, applicant)
    await apply(guest, words)

    const admin = await as('Ada Admin', { viewport: { width, height } })
    await findMail(admin, email, words('mail.betaReceipt.subject'), words('mail.betaReceipt.body'))
    await findMail(admin, 'admin@maestro.localhost', english('mail.betaNotice.subject', { name }), email)
    await approve(admin, applicant)
    await findMail(admin, email, words('mail.betaDecision.approved.subject'), 'Welcome & <i>good luck</i>')

    await begin(guest, words, language === 'ko')
    await signOut(guest, words, applicant)
  })
}
