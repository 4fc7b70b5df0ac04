import { look } from './look.ts'
import { expect, test } from './people.ts'
import { languages, speak, wordsOf } from './words.ts'

const rooms = '# Rooms\n\nThe blue room has a projector.\n\n회의실을 예약하려면 접수처에 문의하세요.'

for (const language of languages) {
  test(`documents of an agent in ${language}: added, read, found, refused and removed`, async ({ as }) => {
    const words = wordsOf(language)
    const page = await as('Minji Kim')
    await speak(page, language)
    await page.goto('/agents/new?template=assistant')
    await page.getByLabel(words('agentForm.name'), { exact: true }).first().fill(`Library ${language}`)
    await page.getByRole('button', { name: words('agentForm.createAction') }).click()
    await expect(page).toHaveURL(/\/agents\/[\w-]{36}$/)
    await page.getByRole('tab', { name: words('agentForm.tabs.documents') }).click()
    await expect(page.getByText(words('documents.none'))).toBeVisible()
    await look(page, 'an agent without documents')

    const list = page.getByRole('list', { name: words('documents.list') })
    const choose = (name: string, content: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content })
    await choose('rooms.md', Buffer.from(rooms))
    await expect(list.getByText('rooms.md')).toBeVisible()
    await expect(list.getByText(words('documents.states.ready'))).toBeVisible()
    await choose('broken.pdf', Buffer.from('%PDF-1.7 nothing'))
    await expect(list.getByText(words('documents.reasons.broken'))).toBeVisible()
    await choose('picture.png', Buffer.from([0, 1, 2, 3]))
    await expect(page.getByText(words('said.documentKind'))).toBeVisible()

    await page.getByRole('searchbox', { name: words('documents.search') }).fill('회의실에서')
    await page.keyboard.press('Enter')
    await expect(page.getByText('접수처에 문의하세요', { exact: false })).toBeVisible()
    await look(page, 'an agent with documents')
    await page.getByRole('searchbox', { name: words('documents.search') }).fill('submarine')
    await page.keyboard.press('Enter')
    await expect(page.getByText(words('documents.found', { count: 0 }))).toBeVisible()

    await page.reload()
    await list.getByRole('button', { name: words('documents.remove', { name: 'broken.pdf' }) }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('documents.removeYes') })
      .click()
    await expect(list.getByText('broken.pdf')).toHaveCount(0)
    // The focus goes on to what took its place, and at the end to where documents come from.
    const remove = list.getByRole('button', { name: words('documents.remove', { name: 'rooms.md' }) })
    await expect(remove).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByText(words('documents.none'))).toBeVisible()
    await expect(page.getByRole('button', { name: words('documents.add') })).toBeFocused()
  })
}
