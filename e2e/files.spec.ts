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
  // The editor's own code does not come at first.
  await page.route('**/_next/static/chunks/**', (route) => route.fulfill({ status: 404 }))
  await tree.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByText(words('errors.part'))).toBeVisible()
  await page.unroute('**/_next/static/chunks/**')
  await page.getByRole('button', { name: words('errors.again') }).click()
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

test('nothing is replaced unasked, a refused path stays to be changed, and the focus outlives what is deleted', async ({ as }) => {
  const page = await as('Ada Admin')
  const id = await openFiles(page)
  const picker = page.locator('input[type=file][multiple]').last()
  const items = page.getByRole('tree').getByRole('treeitem')
  await picker.setInputFiles([file('a.txt', 'old')])
  await expect(items).toHaveCount(1)
  const question = page.getByRole('dialog', { name: words('files.replace.title', { count: 1 }) })
  const [a, b] = [file('a.txt', 'fresh'), file('b.txt', 'b')]
  await picker.setInputFiles([a, b])
  await expect(question).toContainText('a.txt')
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await picker.setInputFiles([a, b])
  await expect(question.getByRole('button', { name: words('files.replace.both') })).toBeFocused()
  expect(await faultsOf(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(items).toHaveCount(3)
  await picker.setInputFiles([a])
  await question.getByRole('button', { name: words('files.replace.yes', { count: 1 }) }).click()
  const text = async (path: string) => (await page.request.get(`/api/files/${id}/file?path=${encodeURIComponent(path)}`)).text()
  await expect.poll(() => text('a.txt')).toBe('fresh')
  expect(await text('a (2).txt')).toBe('fresh')

  await page.getByRole('button', { name: words('files.newFile') }).click()
  const path = page.getByRole('textbox', { name: words('files.path') })
  await path.fill('.git/config')
  await page.keyboard.press('Enter')
  await expect(path).toHaveAccessibleDescription(new RegExp(words('said.filePath_git')))
  await path.fill('c.txt')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: words('files.back') }).click()
  await expect(items).toHaveCount(4)

  await page.getByRole('tree').focus()
  for (let left = 3; left >= 0; left--) {
    await page.keyboard.press('Home')
    await page.keyboard.press('Delete')
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('files.delete') })
      .press('Enter')
    await expect(items).toHaveCount(left)
  }
  await expect(page.getByRole('button', { name: words('files.newFile') })).toBeFocused()
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
