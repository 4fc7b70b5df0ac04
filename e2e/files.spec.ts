import type { Page } from '@playwright/test'
import { faultsOf } from './axe.ts'
import { expect, test } from './people.ts'
import { baseURL } from './place.ts'
import { wordsOf } from './words.ts'

const words = wordsOf('en')
const server = `require('node:http').createServer((_, answer) => answer.end('made by hand')).listen(process.env.PORT)\n`
const manifest = JSON.stringify({ name: 'made-by-hand', scripts: { start: 'node server.js', test: 'node --check server.js' } }, null, 2)
const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

/** A fresh conversation of whoever is signed in on this page, with its files beside it. */
async function openFiles(page: Page): Promise<string> {
  const data = { json: { requestId: crypto.randomUUID(), agentId: null } }
  const made = await page.request.post('/api/trpc/chats.create', { data, headers: { origin: baseURL } })
  const { id } = (await made.json()).result.data.json
  await page.goto(`/workspace/${id}`)
  await page.getByRole('button', { name: words('workspace.openPanel') }).click()
  await expect(page.getByText(words('files.empty'))).toBeVisible()
  return id
}
const put = (page: Page, id: string, path: string, text: string) =>
  page.request.put(`/api/files/${id}/file?path=${encodeURIComponent(path)}`, { data: text, headers: { origin: baseURL } })

test('files are brought, opened by keys, edited and kept apart from what others write meanwhile', async ({ as }) => {
  const page = await as('Ada Admin')
  const id = await openFiles(page)
  await page
    .locator('input[type=file][multiple]')
    .last()
    .setInputFiles([file('server.js', server), file('readme.md', '# Hand\n')])
  const tree = page.getByRole('tree')
  await expect(tree.getByRole('treeitem')).toHaveCount(2)
  expect(await faultsOf(page)).toEqual([])
  await tree.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const editor = page.locator('.cm-content')
  await expect(editor).toContainText('# Hand')
  await editor.click()
  await page.keyboard.type('mine ')
  await page.keyboard.press('ControlOrMeta+s')
  await expect(page.getByText(words('files.saved'), { exact: true })).toBeVisible()
  await page.keyboard.type('more ')
  // What was typed is there again when the panel is.
  await page.getByRole('button', { name: words('workspace.closePanel') }).click()
  await expect(editor).toHaveCount(0)
  await page.getByRole('button', { name: words('workspace.openPanel') }).click()
  await expect(editor).toContainText('mine more')
  await expect(page.getByText(words('files.unsaved'), { exact: true }).last()).toBeVisible()
  expect((await put(page, id, 'readme.md', '# Theirs\n')).status()).toBe(200)
  await expect(page.getByText(words('files.conflict.title'))).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: words('files.conflict.both') }).click()
  await expect(editor).toContainText('# Theirs')
  await page.getByRole('button', { name: words('files.back') }).click()
  await expect(tree.getByRole('treeitem', { name: /readme\.mine-/ })).toBeVisible()
})

test('a conversation’s files become a project that runs', async ({ as }) => {
  const page = await as('Ada Admin')
  await openFiles(page)
  await page
    .locator('input[type=file][multiple]')
    .last()
    .setInputFiles([file('server.js', server), file('package.json', manifest)])
  await page.getByRole('button', { name: words('files.project.save') }).click()
  await page.getByRole('textbox', { name: words('files.project.heading') }).fill('Made by hand')
  await expect(page.getByRole('textbox', { name: words('files.project.name') })).toHaveValue('made-by-hand')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: words('files.project.make') }).click()
  await expect(page).toHaveURL(/\/made-by-hand\/builds\/1$/)
  await expect(page.getByText(words('status.SUCCESS')).first()).toBeVisible({ timeout: 120_000 })
  await page.goto('/made-by-hand')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('made-by-hand')
})
