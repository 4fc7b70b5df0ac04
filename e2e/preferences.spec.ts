import type { Page } from '@playwright/test'
import { chooseAccount, expect, newcomer, test } from './people.ts'
import { wordsOf } from './words.ts'

const [english, korean] = [wordsOf('en'), wordsOf('ko')]
const html = (page: Page) => page.locator('html')

test('somebody who is not signed in keeps the language and the theme they chose, from page to page', async ({ as }) => {
  const page = await as(null, { locale: 'en-GB', colorScheme: 'light' })
  await page.goto('/')
  await expect(html(page)).toHaveAttribute('lang', 'en')
  await page.getByRole('button', { name: '한국어' }).click()
  await expect(page.getByRole('heading', { level: 1, name: korean('landing.title') })).toBeVisible()
  await page.getByRole('button', { name: new RegExp(`${korean('shell.themes.light')}$`) }).click()
  await expect(html(page)).toHaveClass(/\blight\b/)
  await page.getByRole('button', { name: new RegExp(`${korean('shell.themes.dark')}$`) }).click()
  await expect(html(page)).toHaveClass(/\bdark\b/)
  for (const path of ['/sign-in', '/beta', '/privacy', '/no/such/page', '/']) {
    await page.goto(path)
    await expect(html(page)).toHaveAttribute('lang', 'ko')
    await expect(html(page)).toHaveClass(/\bdark\b/)
  }
})

test('a browser is spoken to in its own language', async ({ as }) => {
  const page = await as(null, { locale: 'ko-KR' })
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1, name: korean('landing.title') })).toBeVisible()
})

test("what is chosen in one's account holds at once, and in every other browser", async ({ as }) => {
  const account = { name: 'Choosy', email: 'choosy.look@example.com' }
  const page = await as(null, { locale: 'en-US', colorScheme: 'light' })
  await newcomer(page, account)
  await page.goto('/account')
  await page.getByRole('combobox', { name: english('profile.look.theme') }).selectOption('dark')
  await expect(html(page)).toHaveClass(/\bdark\b/)
  await page.getByRole('combobox', { name: english('profile.look.language') }).selectOption({ label: '한국어' })
  await expect(page.getByRole('combobox', { name: korean('profile.look.language') })).toHaveValue('ko')
  await page.reload()
  await expect(html(page)).toHaveAttribute('lang', 'ko')
  await expect(html(page)).toHaveClass(/\bdark\b/)

  const other = await as(null, { locale: 'en-US', colorScheme: 'light' })
  await other.goto('/sign-in')
  await chooseAccount(other, account.name, account.email)
  await expect(other.getByRole('heading', { name: korean('dashboard.title') })).toBeVisible()
  await expect(html(other)).toHaveAttribute('lang', 'ko')
  await expect(html(other)).toHaveClass(/\bdark\b/)
  await other.getByRole('button', { name: korean('shell.language') }).click()
  await other.getByRole('menuitemradio', { name: 'English' }).click()
  await expect(other.getByRole('heading', { name: english('dashboard.title') })).toBeVisible()
  await page.reload()
  await expect(html(page)).toHaveAttribute('lang', 'en')
})
