import type { Page } from '@playwright/test'
import { look } from './look.ts'
import { call } from './operator.ts'
import { expect, type Person, test } from './people.ts'
import { baseURL } from './place.ts'

const words = {
  en: { create: 'Create and build', abort: 'Abort' },
  ko: { create: '만들고 빌드하기', abort: '중단' },
} as const
type Locale = keyof typeof words

for (const locale of ['en', 'ko'] as const satisfies Locale[]) {
  test.describe(`pages in ${locale}`, () => {
    /** A page in this language. */
    async function open(as: (person: Person | null) => Promise<Page>, person: Person | null, path: string): Promise<Page> {
      const page = await as(person)
      await page.context().addCookies([{ name: 'maestro-locale', value: locale, url: baseURL }])
      await page.goto(path)
      await expect(page.locator('html')).toHaveAttribute('lang', locale)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      return page
    }

    test('landing, sign-in, not found', async ({ as }) => {
      for (const path of ['/', '/sign-in', '/sign-in?error=AccessDenied', '/no/such/page']) await look(await open(as, null, path), path)
    })

    test('the dashboard, empty and filled', async ({ as, built }) => {
      await look(await open(as, 'Sam Rivers', '/dashboard'), 'empty dashboard')
      const page = await open(as, 'Ada Admin', '/dashboard')
      await expect(page.getByRole('link', { name: built.service }).first()).toBeVisible()
      await look(page, 'dashboard')
    })

    test('a new project, with what is wrong shown', async ({ as }) => {
      const page = await open(as, 'Sam Rivers', '/projects/new')
      const create = page.getByRole('button', { name: words[locale].create })
      await expect(create).toBeEnabled()
      await look(page, 'new project')
      for (const tab of [0, 1, 2]) {
        await page.getByRole('tab').nth(tab).click()
        await create.click()
        await expect(page.locator('[aria-invalid]').first()).toBeVisible()
        await look(page, `new project, way ${tab + 1}, refused`)
      }
    })

    test('a service, its finished build and what is not there', async ({ as, built }) => {
      const page = await open(as, 'Ada Admin', `/${built.service}`)
      await look(page, 'service')
      await page.goto(`/${built.service}/builds/${built.build}`)
      await expect(page.getByRole('region').getByRole('link').first()).toBeVisible()
      await look(page, 'finished build')
      for (const tab of [1, 2, 3]) {
        await page.getByRole('tab').nth(tab).click()
        await expect(page.getByRole('tabpanel')).not.toBeEmpty()
        await look(page, `finished build, tab ${tab + 1}`)
      }
      await look(await open(as, 'Ada Admin', `/${built.service}/builds/99999`), 'no such build')
    })

    test('a build that runs, the question before its end, and one that was aborted', async ({ as, built }) => {
      const { number } = (await call('builds.start', { service: built.service, requestId: crypto.randomUUID() })) as { number: number }
      const page = await open(as, 'Ada Admin', `/${built.service}/builds/${number}`)
      await expect(page.locator('[data-stage]').first()).toBeVisible()
      await look(page, 'running build')
      await page.getByRole('button', { name: words[locale].abort, exact: true }).click()
      const dialog = page.getByRole('alertdialog')
      await look(page, 'the question')
      await dialog.getByRole('button', { name: words[locale].abort, exact: true }).click()
      await expect(page.getByRole('button', { name: words[locale].abort, exact: true })).toBeHidden()
      await look(page, 'aborted build')
    })
  })
}
