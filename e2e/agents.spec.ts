import type { Page } from '@playwright/test'
import { look } from './look.ts'
import { expect, test } from './people.ts'
import { languages, speak, type Words, wordsOf } from './words.ts'

const save = (page: Page, words: Words) => page.getByRole('button', { name: words('agentForm.save'), exact: true })

/** To the first place that the palette offers. */
async function byPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Enter')
}

/** From a template to a stored agent; ends on its page. */
async function make(page: Page, words: Words, name: string): Promise<void> {
  await page.goto('/agents/new')
  await look(page, 'what a new agent may begin with')
  await page.getByRole('link', { name: words('agents.templates.reviewer.name') }).click()
  const field = page.getByLabel(words('agentForm.name'), { exact: true }).first()
  await expect(field).toHaveValue(words('agents.templates.reviewer.name'))
  await field.fill('')
  await page.getByRole('button', { name: words('agentForm.createAction') }).click()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText(words('agentForm.problems.missing'))).toBeVisible()
  await look(page, 'a form with a mistake')
  await field.fill(name)
  await page.getByRole('button', { name: words('agentForm.createAction') }).click()
  await expect(page).toHaveURL(/\/agents\/[\w-]{36}$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
}

for (const language of languages) {
  test.describe(`agents in ${language}`, () => {
    const words = wordsOf(language)

    test('one is made from a template, changed, compared, brought back, paused and deleted', async ({ as }) => {
      const page = await as('Sam Rivers')
      await speak(page, language)
      const name = `Reader ${language}`
      await make(page, words, name)

      // Only what the model takes is there.
      await expect(page.getByLabel(words('agentForm.temperature'))).toHaveCount(0)
      await page.getByLabel(words('agentForm.model'), { exact: true }).selectOption('claude-haiku-4-5')
      await page.getByLabel(words('agentForm.temperature')).fill('0.5')
      await expect(page.getByLabel(words('agentForm.effort'), { exact: true })).toHaveCount(0)
      await page.getByLabel(words('agentForm.instructions'), { exact: true }).fill('Read.\nSay what you found.')
      await page
        .getByRole('group', { name: words('agentForm.tools.fetch_page.name') })
        .getByRole('radio', { name: words('agentForm.permission.ask') })
        .check()
      await page.getByRole('button', { name: words('agentForm.mcp.add') }).click()
      await look(page, 'the form of an agent')

      // Whoever follows a link with changes is asked.
      await page
        .getByRole('navigation')
        .first()
        .getByRole('link', { name: words('shell.dashboard') })
        .click()
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: words('agentForm.leave.stay') })
        .click()
      // So is whoever goes back, or elsewhere by the palette.
      const address = page.url()
      for (const go of [() => page.evaluate(() => history.back()), () => byPalette(page)]) {
        await go()
        await page
          .getByRole('alertdialog')
          .getByRole('button', { name: words('agentForm.leave.stay') })
          .click()
        expect(page.url()).toBe(address)
      }
      await page.getByRole('button', { name: words('agentForm.mcp.remove', { name: '1' }) }).click()
      await save(page, words).click()
      await expect(page.getByText(words('agentForm.nothing'))).toBeVisible()

      await page.getByRole('tab', { name: words('agentForm.tabs.versions') }).click()
      await page.getByRole('button', { name: words('agentForm.versions.show', { number: 2 }) }).click()
      await expect(page.getByRole('heading', { name: words('agentForm.fields.temperature') })).toBeVisible()
      await expect(page.getByText('Say what you found.', { exact: true })).toBeVisible()
      await look(page, 'the difference of two versions')
      await page.getByRole('button', { name: words('agentForm.versions.rollbackName', { number: 1 }) }).click()
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: words('agentForm.versions.confirm') })
        .click()
      await expect(page.getByRole('button', { name: words('agentForm.versions.show', { number: 3 }) })).toBeVisible()
      await page.getByRole('tab', { name: words('agentForm.tabs.form') }).click()
      await expect(page.getByLabel(words('agentForm.model'), { exact: true })).toHaveValue('claude-opus-5-5')

      await page.getByRole('button', { name: words('agents.actions', { name }) }).click()
      await page.getByRole('menuitem', { name: words('agents.act.pause') }).click()
      await expect(page.getByRole('link', { name: words('agents.runName', { name }) })).toHaveCount(0)

      await page.goto('/agents?status=paused')
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
      await look(page, 'agents as cards')
      await page.getByRole('button', { name: words('agents.view.table') }).click()
      await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible()
      await look(page, 'agents as a table')
      await page.goto('/dashboard')
      await expect(page.getByRole('heading', { name: words('dashboard.agents.title') })).toBeVisible()
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
      await look(page, 'the dashboard with an agent')

      await page.goto(`/agents?search=${encodeURIComponent(name)}`)
      await page.getByRole('button', { name: words('agents.actions', { name }) }).click()
      await page.getByRole('menuitem', { name: words('agents.act.delete') }).click()
      await page
        .getByRole('alertdialog')
        .getByRole('button', { name: words('agents.delete.confirm') })
        .click()
      await expect(page.getByText(words('agents.none'))).toBeVisible()
      await expect(page.getByRole('link', { name: words('agents.create') })).toBeFocused()
      await look(page, 'nothing found')
    })
  })
}

test('what others share may be run and not changed', async ({ as }) => {
  const words = wordsOf('en')
  const [owner, other] = [await as('Minji Kim'), await as('Sam Rivers')]
  for (const page of [owner, other]) await speak(page, 'en')
  await owner.goto('/agents/new?template=assistant')
  await owner.getByLabel(words('agentForm.name'), { exact: true }).first().fill('Everybody’s helper')
  await owner.getByLabel(words('agentForm.sharing'), { exact: true }).selectOption('all')
  await owner.getByRole('button', { name: words('agentForm.createAction') }).click()
  await expect(owner).toHaveURL(/\/agents\/[\w-]{36}$/)
  await other.goto(owner.url())
  await expect(other.getByText(words('agentForm.notYours'))).toBeVisible()
  await expect(other.getByRole('link', { name: words('agents.runName', { name: 'Everybody’s helper' }) })).toBeVisible()
  await expect(other.getByRole('tab')).toHaveCount(0)
  await look(other, 'another’s agent')
  expect((await other.goto('/agents/00000000-0000-4000-8000-000000000000'))?.status()).toBe(404)
})
