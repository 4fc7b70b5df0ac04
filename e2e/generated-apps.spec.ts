import { expect, type Page, test } from '@playwright/test'
import { writeBackend } from '@/server/embedded/model/writing/backend.ts'
import { writeFrontend } from '@/server/embedded/model/writing/frontend.ts'
import { appModels } from '@/server/testing/app-models.ts'
import { appOnDisk } from '@/server/testing/generated-app.ts'

/** Opens the page of a generated app on a server of its own; anything the page does wrong fails the test. */
async function withApp(page: Page, name: string, work: (url: string) => Promise<void>): Promise<void> {
  const model = appModels[name]
  if (!model) throw new Error(name)
  const app = await appOnDisk([...writeBackend(model), ...writeFrontend(model)])
  const server = await app.serve()
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrong.push(message.text())
  })
  try {
    await page.goto(server.url)
    await work(server.url)
    expect(wrong).toEqual([])
    const [content, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(content).toBeLessThanOrEqual(seen ?? 0)
  } finally {
    server.stop()
    await app.remove()
  }
}

test('errors stand beside their fields, markup stays text, records are found, changed and deleted', async ({ page }) => {
  await withApp(page, 'bookmarks', async (url) => {
    const add = page.getByRole('button', { name: 'Add bookmark' })
    await add.click()
    await expect(page.getByText('URL is required.')).toBeVisible()
    await expect(page.getByLabel('URL')).toBeFocused()
    await page.getByLabel('URL').fill('javascript:alert(1)')
    await page.getByLabel('Title').fill('<b onclick="alert(1)">Bold</b>')
    await page.getByLabel('Tags', { exact: true }).fill('design, ß')
    await add.click()
    await expect(page.getByText('URL has to be a full address')).toBeVisible()
    await page.getByLabel('URL').fill(`${url}/healthz`)
    await add.click()
    const link = page.getByRole('link', { name: '<b onclick="alert(1)">Bold</b>' })
    await expect(link).toBeVisible()
    const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()])
    await expect(opened).toHaveURL(`${url}/healthz`)
    await opened.close()
    await page.reload()
    await expect(page.locator('.card', { hasText: 'Clicks' }).getByText('1', { exact: true })).toBeVisible()

    for (let n = 1; n <= 20; n++) {
      await page.request.post(`${url}/api/bookmarks`, {
        data: { url: `https://example.com/${n}`, title: `Number ${n}`, tags: [n % 2 ? 'odd' : 'even'] },
      })
    }
    await page.reload()
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('Page 2 of 2')).toBeVisible()
    await page.getByLabel('Filter by tags').fill('odd')
    await expect(page.getByText('10 entries')).toBeVisible()
    await page.getByLabel('Search').fill('NUMBER 19')
    await expect(page.getByText('1 entry')).toBeVisible()
    await page.getByRole('button', { name: 'Edit: Number 19' }).click()
    await page.getByLabel('Title').fill('Number 19 changed')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Delete: Number 19 changed' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(page.getByText('Nothing matches.')).toBeVisible()
  })
})

test('on a phone, in Korean: an overlap is told at the field', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await withApp(page, 'meetingRooms', async () => {
    await expect(page.getByText('먼저 추가하세요')).toBeVisible()
    await page.getByRole('link', { name: '회의실' }).click()
    await page.getByLabel('이름').fill('가람')
    await page.getByLabel('수용 인원').fill('8')
    await page.getByRole('button', { name: '회의실 추가' }).click()
    await expect(page.getByRole('heading', { name: '가람' })).toBeVisible()
    await page.getByRole('link', { name: '예약' }).click()
    for (const [from, to, title] of [
      ['10:00', '11:00', '주간 회의'],
      ['10:30', '11:30', '면접'],
    ] as const) {
      await page.getByLabel('회의실', { exact: true }).selectOption({ label: '가람' })
      await page.getByLabel('시작 시각').fill(from)
      await page.getByLabel('끝 시각').fill(to)
      await page.getByLabel('예약자 이름').fill('김하나')
      await page.getByLabel('제목').fill(title)
      await page.getByRole('button', { name: '예약 추가' }).click()
      await expect(page.getByRole('heading', { name: '주간 회의' })).toBeVisible()
    }
    await expect(page.getByText('시간이 겹칩니다: “주간 회의” (10:00–11:00)')).toBeVisible()
    await page.getByRole('button', { name: '취소: 주간 회의' }).click()
    await page.getByRole('button', { name: '취소', exact: true }).click()
    await page.getByRole('button', { name: '예약 추가' }).click()
    await expect(page.getByRole('heading', { name: '면접' })).toBeVisible()
  })
})

test('a group shows who pays whom, and keeps those who owe', async ({ page }) => {
  await withApp(page, 'splitExpenses', async () => {
    await page.getByLabel('Name').fill('Lisbon')
    await page.getByLabel('Members').fill('Ana, Bo, Cy')
    await page.getByRole('button', { name: 'Add trip' }).click()
    await page.getByRole('link', { name: 'Lisbon' }).click()
    await page.getByLabel('Description').fill('Dinner')
    await page.getByLabel('Amount').fill('100')
    await page.getByLabel('Who paid').selectOption('Ana')
    await page.getByRole('button', { name: 'Add expense' }).click()
    await expect(page.locator('.payments')).toHaveText(/Bo → Ana 33\.33.*Cy → Ana 33\.33/)
    await page.getByRole('button', { name: 'Remove: Bo' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(page.getByText('“Bo” cannot be removed')).toBeVisible()
    await page.getByLabel('One more').fill('Di')
    await page.getByRole('button', { name: 'Put on the list' }).click()
    await expect(page.getByRole('checkbox', { name: 'Di' })).toBeChecked()
  })
})
