import { Buffer } from 'node:buffer'
import { faultsOf } from './axe.ts'
import { expect, test } from './people.ts'
import { wordsOf } from './words.ts'

const words = wordsOf('en')

test('feedback with a picture goes from a page to the administrators, once, as text', async ({ as, built }) => {
  const page = await as('Sam Rivers')
  await page.goto('/account?secret=kept')
  const picture = { name: 'screen.png', mimeType: 'image/png', buffer: Buffer.from(await page.screenshot()) }
  await page.getByRole('button', { name: words('feedback.open') }).click()
  const dialog = page.getByRole('dialog')
  const send = dialog.getByRole('button', { name: words('feedback.send'), exact: true })
  await send.click()
  await expect(dialog.getByText(words('feedback.text.missing'))).toBeVisible()
  await expect(dialog.getByLabel(words('feedback.page.label'))).toHaveValue('/account')
  const text = `The button <img src=x onerror="document.title=1"> does nothing ${built.build}`
  await dialog.getByLabel(words('feedback.text.label')).fill(text)
  await dialog.locator('input[type=file]').setInputFiles({ ...picture, name: 'notes.txt', buffer: Buffer.from('no picture') })
  await expect(dialog.getByText(words('feedback.picture.notAPicture'))).toBeVisible()
  await dialog.locator('input[type=file]').setInputFiles(picture)
  await expect(dialog.getByRole('img', { name: words('feedback.picture.preview') })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: words('feedback.open') }).click()
  await expect(dialog.getByLabel(words('feedback.text.label'))).toHaveValue(text)
  await send.dblclick()
  await expect(page.getByText(words('feedback.sentTitle'))).toBeVisible()
  await expect(dialog).toBeHidden()

  const admin = await as('Ada Admin')
  await admin.goto('/admin/feedback')
  const entry = admin.getByRole('listitem').filter({ hasText: text })
  await expect(entry).toHaveCount(1)
  await expect(entry).toContainText('sam@maestro.localhost')
  await expect(entry.getByRole('link', { name: '/account', exact: true })).toHaveAttribute('href', '/account')
  await entry.getByRole('button', { name: words('feedback.list.openPicture') }).click()
  const shown = admin.getByRole('dialog').getByRole('img', { name: words('feedback.list.picture') })
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
  expect(await faultsOf(admin)).toEqual([])
  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin
      .getByRole('dialog')
      .getByRole('link', { name: words('feedback.list.download') })
      .click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.(png|jpe?g|webp)$/)
  expect((await page.request.get(new URL(download.url()).pathname)).status()).toBe(403)
  await admin.keyboard.press('Escape')
  await entry.getByRole('button', { name: new RegExp(`^${words('feedback.list.settle')} `) }).click()
  await expect(entry).toHaveCount(0)
})

test('whoever is not signed in says what they think without any picture', async ({ as }) => {
  const page = await as(null)
  await page.goto('/')
  await page.getByRole('link', { name: words('feedback.open') }).click()
  await expect(page.getByRole('button', { name: words('feedback.send'), exact: true })).toBeEnabled()
  await expect(page.locator('input[type=file]')).toHaveCount(0)
  await page.getByLabel(words('feedback.text.label')).fill('Nice pictures')
  await page.getByRole('button', { name: words('feedback.send'), exact: true }).click()
  await expect(page.getByText(words('feedback.sentTitle'))).toBeVisible()
})
