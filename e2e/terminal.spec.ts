import { expect as expectIt, type Page } from '@playwright/test'
import { look } from './look.ts'
import { expect, test } from './people.ts'
import { baseURL } from './place.ts'
import { languages, speak, type Words, wordsOf } from './words.ts'

const app = `require('http').createServer((request, response) => {
  response.setHeader('content-type', 'text/html')
  response.end('<title>App</title><h1>Hello from the sandbox</h1>')
}).listen(process.env.PORT)
`

/** A conversation of whoever is signed in on this page, with an app in its folder. */
async function begin(page: Page): Promise<void> {
  await page.goto('/workspace/new')
  await expect(page).toHaveURL(/\/workspace\/[0-9a-f-]{36}$/)
  const sessionId = new URL(page.url()).pathname.split('/').at(-1)
  const data = { json: { sessionId, path: 'server.js', text: app, hash: null } }
  const answer = await page.request.post('/api/trpc/files.write', { data, headers: { origin: baseURL } })
  expectIt(answer.status(), await answer.text()).toBe(200)
}

const rows = (page: Page) => page.locator('[data-terminal="1"] .xterm-rows')
const type = async (page: Page, text: string) => {
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}
/** Opens one of the panels beside the conversation; on a phone, and at first, they are put away. */
async function open(page: Page, words: Words, name: 'terminal' | 'preview'): Promise<void> {
  const button = page.getByRole('button', { name: words('workspace.openPanel') })
  const tab = page.getByRole('tab', { name: words(`workspace.tabs.${name}`), exact: true })
  await expect(button.or(tab)).toBeVisible()
  if (await button.isVisible()) await button.click()
  await tab.click()
}

test('a terminal runs commands on the conversation’s files, and keeps what it said through a reload', async ({ as }) => {
  const page = await as('Minji Kim')
  const words = wordsOf('en')
  await begin(page)
  await open(page, words, 'terminal')
  await page.getByRole('button', { name: words('terminal.start') }).click()
  await expect(rows(page)).toContainText('/workspace $')
  await type(page, 'ls; echo sum-$((40+2))')
  await expect(rows(page)).toContainText('sum-42')
  await expect(rows(page)).toContainText('server.js')
  // Tab belongs to the shell; one chord leaves it.
  await page.keyboard.type('cat ser')
  await page.keyboard.press('Tab')
  await expect(rows(page)).toContainText('cat server.js')
  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByRole('button', { name: words('terminal.one', { number: 1 }), exact: true })).toBeFocused()
  await page.reload()
  // The panel that was open opens by itself.
  await page.getByRole('tab', { name: words('workspace.tabs.terminal'), exact: true }).click()
  await expect(rows(page)).toContainText('sum-42')
  await page.locator('[data-terminal="1"] textarea').focus()
  await page.keyboard.press('Control+U')
  await type(page, 'exit 3')
  await expect(page.getByText(words('terminal.ended.exit', { code: '3' }))).toBeVisible()
})

test('a preview shows the app of the conversation’s files, and ends when it is stopped', async ({ as }) => {
  const page = await as('Minji Kim')
  const words = wordsOf('en')
  await begin(page)
  // The page's policy names frames where it was loaded as a conversation's.
  await page.reload()
  await open(page, words, 'preview')
  await expect(page.getByLabel(words('preview.command'))).toHaveValue('node server.js')
  await page.getByRole('button', { name: words('preview.start'), exact: true }).click()
  const frame = page.frameLocator(`iframe[title="${words('preview.frame')}"]`)
  await expect(frame.getByRole('heading')).toHaveText('Hello from the sandbox')
  await page.getByRole('button', { name: words('preview.stop'), exact: true }).click()
  await expect(page.locator('iframe')).toHaveCount(0)
  await page.getByLabel(words('preview.command')).fill('node missing.js')
  await page.getByRole('button', { name: words('preview.start'), exact: true }).click()
  await expect(page.getByText("Cannot find module '/workspace/missing.js'")).toBeVisible()
})

for (const language of languages) {
  test(`terminals and previews look right on a wide screen and a phone (${language})`, async ({ as }) => {
    const page = await as('Minji Kim')
    await speak(page, language)
    const words = wordsOf(language)
    await begin(page)
    await page.reload()
    for (const name of ['preview', 'terminal'] as const) {
      await open(page, words, name)
      await look(page, `${name}, empty`)
      await page.setViewportSize({ width: 1280, height: 800 })
    }
    await page.getByRole('button', { name: words('terminal.start') }).click()
    await expect(rows(page)).toContainText('/workspace $')
    await look(page, 'terminal')
  })
}
