import { expect as expectIt, type Page } from '@playwright/test'
import { toolNames } from '@/server/agents/schema.ts'
import { look } from './look.ts'
import { expect, test } from './people.ts'
import { baseURL } from './place.ts'
import { answers, begin, field, last, makeAgent, say, settled } from './talk.ts'
import { languages, speak, type Words, wordsOf } from './words.ts'

const english = wordsOf('en')
/** How often each number stands in a counted answer: all of them once, whatever happened on the way. */
async function counted(page: Page, to: number): Promise<void> {
  const text = (await last(page).locator('.thread-text').last().textContent())?.match(/\b\d+\b/g) ?? []
  expectIt(text.map(Number)).toEqual(Array.from({ length: to }, (_, at) => at + 1))
}

test('an answer goes on when the page is loaded again, and in a second tab; it is stopped, repeated, and its branches kept', async ({
  as,
}) => {
  const page = await as('Minji Kim')
  const address = await begin(page)
  await say(page, 'count to 400 [demo rate=60]')
  await expect(last(page)).toHaveAttribute('data-state', 'open')
  await expect(last(page)).toContainText('12')
  await page.reload()
  const second = await page.context().newPage()
  await second.goto(address)
  for (const tab of [page, second]) {
    await expect(last(tab)).toContainText('1 2 3')
    await expect(last(tab)).toHaveAttribute('data-state', 'done')
    await counted(tab, 400)
  }
  await second.close()

  // Stopped with a key, while it is being made.
  await say(page, 'count to 2000 [demo rate=20]')
  await expect(last(page)).toContainText('1 2 3')
  await field(page).press('Escape')
  await expect(last(page)).toHaveAttribute('data-state', 'stopped')

  // Once more: another branch, and the way back to the first one.
  await last(page)
    .getByRole('button', { name: english('thread.again') })
    .click()
  await page.getByRole('button', { name: english('composer.stop') }).click()
  await expect(last(page)).toContainText('2 / 2')
  await expect(last(page)).toHaveAttribute('data-state', 'stopped')
  await last(page)
    .getByRole('button', { name: english('thread.branch.before') })
    .click()
  await expect(last(page)).toContainText('1 / 2')

  // A message that was said in another way.
  const first = answers(page).first()
  await first.getByRole('button', { name: english('thread.actions.edit') }).click()
  await page.getByLabel(english('thread.actions.editLabel')).fill('What is 17 * 23?')
  await page.getByLabel(english('thread.actions.editLabel')).press('Enter')
  await expect(last(page)).toContainText('391')
  await settled(page)
  await expect(page.locator('[data-message]')).toHaveCount(2)
  await expect(page.locator('[data-message]').first()).toContainText('2 / 2')
})

test('what an agent asks for waits in every tab, and one word counts for all', async ({ as }) => {
  const page = await as('Minji Kim', { viewport: { width: 390, height: 844 } })
  const agent = await makeAgent(page, 'Asks first', { write_file: 'ask', run_command: 'ask', read_file: 'allowed' })
  const address = await begin(page, agent)
  const second = await page.context().newPage()
  await second.goto(address)
  await say(page, 'write hello.txt: Hello there, then write other.txt: More')
  for (const tab of [page, second]) await expect(tab.locator('[data-approval]')).toHaveCount(2)
  await look(page, 'two calls that wait')
  await second
    .locator('[data-approval]')
    .first()
    .getByRole('button', { name: /^Allow:/ })
    .click()
  for (const tab of [page, second]) await expect(tab.locator('[data-approval]')).toHaveCount(1)
  await page
    .locator('[data-approval]')
    .getByRole('button', { name: /^Deny:/ })
    .click()
  for (const tab of [page, second]) {
    await expect(tab.locator('[data-approval]')).toHaveCount(0)
    await settled(tab)
    await expect(tab.locator('[data-tool][data-state=done]')).toHaveCount(1)
    await expect(tab.locator('[data-tool][data-state=denied]')).toHaveCount(1)
  }
})

test('what a hostile model says is shown, and does nothing', async ({ as }) => {
  const page = await as('Minji Kim')
  let dialogs = 0
  page.on('dialog', (dialog) => {
    dialogs++
    void dialog.dismiss()
  })
  const asked: string[] = []
  page.on('request', (request) => new URL(request.url()).origin !== baseURL && /^https?:/.test(request.url()) && asked.push(request.url()))
  // Without tools there is nothing to wait for: its words come at once.
  const agent = await makeAgent(page, 'Hostile', Object.fromEntries(toolNames.map((name) => [name, 'denied'])))
  await begin(page, agent)
  await say(page, '[demo hostile=short] hello')
  await settled(page)
  await expect(last(page)).toContainText('onmouseover')
  expectIt(
    await page.locator('[data-thread]').locator('script, iframe, object, embed, form, img:not([src^="data:image/svg"]), style').count(),
  ).toBe(0)
  const attributes = await page
    .locator('[data-thread] *')
    .evaluateAll((all) =>
      all.flatMap((one) =>
        [...one.attributes].filter(({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value)).map(({ name }) => name),
      ),
    )
  expectIt(attributes).toEqual([])
  expectIt([dialogs, asked]).toEqual([0, []])
})

test('a busy model is counted down to, and a failure can be tried again', async ({ as }) => {
  const page = await as('Minji Kim')
  await begin(page)
  await say(page, 'What is 17 * 23? [demo 529;times=1;retry-after=3]')
  await expect(page.getByRole('timer')).toContainText('529')
  await expect(last(page)).toContainText('391')
  await settled(page)
  await say(page, 'hello [demo refusal]')
  await expect(last(page)).toHaveAttribute('data-state', 'failed')
  await expect(last(page)).toContainText(english('thread.failures.refused'))
  await expect(last(page).getByRole('button', { name: english('thread.again') })).toBeVisible()
})

/** The whole way without a pointer. */
async function byKeys(page: Page, words: Words): Promise<void> {
  await page.keyboard.press('Alt+m')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('/')
  await expect(page.getByRole('listbox', { name: words('composer.commands') })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('show me a table')
  await page.keyboard.press('Enter')
  await expect(last(page).locator('table')).toBeVisible()
  await page.keyboard.press('Alt+Slash')
  await expect(page.getByRole('dialog', { name: words('workspace.help.title') })).toBeVisible()
  await expect(page.locator('main')).toHaveAttribute('inert')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('main')).not.toHaveAttribute('inert')
  await expect(field(page)).toBeFocused()
  // A window that a menu opened gives the focus back to the menu's button.
  const menu = page
    .locator('[data-conversation] header')
    .getByRole('button', { name: new RegExp(words('chats.menu.open', { title: '.*' })) })
  await menu.press('Enter')
  await page.getByRole('menuitem', { name: words('chats.menu.rename') }).press('Enter')
  await expect(page.getByRole('dialog', { name: words('chats.rename.title') })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(menu).toBeFocused()
}

for (const language of languages)
  test(`a conversation with everything a page can draw, in ${language}, by the keyboard`, async ({ as }) => {
    const words = wordsOf(language)
    const page = await as('Minji Kim')
    await speak(page, language)
    await begin(page)
    await byKeys(page, words)
    for (const wanted of ['show me code', 'show me math', 'show me a diagram']) {
      await say(page, wanted)
      await settled(page)
    }
    await expect(page.locator('[data-thread] img[src^="data:image/svg"]')).toBeVisible()
    await page.keyboard.press('Alt+e')
    await look(page, `a conversation in ${language}`)
  })
