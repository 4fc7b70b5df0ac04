import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { serverStatus } from '@/server/core/control.ts'
import { ensureServer } from '@/server/core/launch.ts'
import { sample } from './operator.ts'
import { chooseIdentity, expect, test, watch } from './people.ts'
import { dataDir, environment, port } from './place.ts'

const badge = (page: Page) => page.locator('span[aria-live=polite]')
const stage = (page: Page, key: string) => page.locator(`[data-stage="${key}"]`)

/** How many lines the console says it has. */
async function lineCount(page: Page): Promise<number> {
  const words = await page.getByText(/[\d,]+ lines?$/).textContent()
  return Number(words?.replace(/\D/g, ''))
}

async function signInFromTheFront(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in with Google' }).first().click()
  await chooseIdentity(page, 'Minji Kim')
  await expect(page).toHaveURL('/dashboard')
  await expect(page.getByText('No projects yet')).toBeVisible()
}

async function createFromTheSample(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Create the first project' }).click()
  await page.getByRole('tab', { name: 'File' }).click()
  await page.getByLabel('Issue file').setInputFiles(sample('bookmarks'))
  await expect(page.getByText('bookmarks.json')).toBeVisible()
  await page.getByRole('button', { name: 'Create and build' }).click()
  await expect(page).toHaveURL(/\/builds\/1$/)
}

async function watchToTheEnd(page: Page): Promise<void> {
  await expect(badge(page)).toHaveText('Running')
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  await expect(stage(page, 'specification')).toBeVisible()
  await expect.poll(() => lineCount(page), { timeout: 60_000 }).toBeGreaterThan(0)
  const early = await lineCount(page)
  await expect(stage(page, 'tests')).toContainText('Running', { timeout: 120_000 })
  await expect(badge(page)).toHaveText('Running')
  await expect.poll(() => lineCount(page)).toBeGreaterThan(early)
  await expect(badge(page)).toHaveText('Success', { timeout: 180_000 })
  // Nobody scrolled, so the console followed to its end.
  const region = page.getByRole('region', { name: 'Console output' })
  await expect.poll(() => region.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop)).toBeLessThan(3)
  expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)

  const branches = page.getByRole('listitem', { name: '2 stages side by side' })
  for (const name of ['Frontend', 'Backend']) await expect(branches.getByRole('button', { name })).toBeVisible()
  const { issue } = JSON.parse(readFileSync(sample('bookmarks'), 'utf8')) as { issue: { body: string } }
  const asked = issue.body.split(/acceptance criteria/i)[1]?.match(/^\s*(\d+\.|[-*])\s/gm)?.length ?? 0
  expect(asked).toBeGreaterThan(3)
  await page.getByRole('tab', { name: 'Criteria' }).click()
  await expect(page.getByRole('row', { name: /^AC-\d+ Passed / })).toHaveCount(asked)
  await expect(page.getByText(`${asked} passed, 0 failed, 0 not verified`)).toBeVisible()
}

async function addBookmark(page: Page, service: string): Promise<Page> {
  const [app] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Open the app' }).click()])
  await expect(app).toHaveURL(`http://${service}.localhost:${port}/`)
  await app.getByLabel('URL').fill('https://example.com/kept')
  await app.getByLabel('Title').fill('Kept over restarts')
  await app.getByLabel('Tags', { exact: true }).fill('one, two')
  await app.getByRole('button', { name: 'Add bookmark' }).click()
  await expect(app.getByRole('link', { name: 'Kept over restarts' })).toBeVisible()
  return app
}

async function restartService(page: Page, service: string): Promise<void> {
  await page.goto(`/${service}`)
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped').first()).toBeVisible()
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByText('Up', { exact: true }).first()).toBeVisible()
}

/** The server dies as it dies of a power cut, and comes back. */
async function killTheServer(): Promise<void> {
  const before = await serverStatus(dataDir)
  if (before) process.kill(before.pid, 'SIGKILL')
  await expect.poll(() => serverStatus(dataDir).catch(() => 'dying')).toBeNull()
  await ensureServer({ dataDir, port, environment })
}

async function buildAndAbort(page: Page, service: string): Promise<void> {
  await page.goto(`/${service}`)
  await page.getByRole('button', { name: 'Build now' }).click()
  await expect(page).toHaveURL(`/${service}/builds/2`)
  await expect(badge(page)).toHaveText('Running')
  await page.getByRole('button', { name: 'Abort', exact: true }).click()
  await page.getByRole('button', { name: 'Let it run' }).click()
  await expect(badge(page)).toHaveText('Running')
  await page.getByRole('button', { name: 'Abort', exact: true }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Abort build #2?' })
  await dialog.getByRole('button', { name: 'Abort', exact: true }).click()
  await expect(badge(page)).toHaveText('Aborted')
  await expect(page.getByText('Aborted by Minji Kim.')).toBeVisible()
}

test('from the sample issue to a running app that keeps its data', async ({ page, wrongs }) => {
  await watch(page, wrongs)
  await signInFromTheFront(page)
  await createFromTheSample(page)
  const service = new URL(page.url()).pathname.split('/')[1] ?? ''
  await watchToTheEnd(page)
  const app = await addBookmark(page, service)

  await restartService(page, service)
  await app.reload()
  await expect(app.getByRole('link', { name: 'Kept over restarts' })).toBeVisible()

  await buildAndAbort(page, service)
  await app.reload()
  await expect(app.getByRole('link', { name: 'Kept over restarts' })).toBeVisible()

  // Both pages are away while the server is: what a page says of a lost connection is no error of its code.
  await page.goto('about:blank')
  await app.goto('about:blank')
  await killTheServer()
  await app.goto(`http://${service}.localhost:${port}/`)
  await expect(app.getByRole('link', { name: 'Kept over restarts' })).toBeVisible()
  await page.goto('/dashboard')
  await expect(page.getByRole('row', { name: /bookmark/i })).toContainText('Up')

  await page.getByRole('button', { name: 'Account of Minji Kim' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in with Google' }).first()).toBeVisible()
  await page.goto(`/${service}`)
  await expect(page).toHaveURL(/\/sign-in/)
})
