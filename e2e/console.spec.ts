import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { longBuild } from './operator.ts'
import { expect, test } from './people.ts'

const scroller = (page: Page) => page.getByRole('region', { name: 'Console output' })
const line = (page: Page, number: number) => scroller(page).getByRole('link', { name: `Link to line ${number}`, exact: true })

/** Scrolls with the wheel and writes down how long each frame took, in milliseconds. */
async function frameTimes(page: Page, wheel: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = []
    let last = performance.now()
    const tick = (now: number) => {
      frames.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    Object.assign(window, { frames })
  })
  await wheel()
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(1))
}

test('a console of a million lines opens at its link, scrolls, and reaches both ends', async ({ as, built }, info) => {
  const count = 1_000_000
  const build = await longBuild(built.service, count)
  const page = await as('Ada Admin')
  await page.goto(`/${built.service}/builds/${build}#L654321`)
  await expect(page.getByText('1,000,000 lines')).toBeVisible()
  await expect(line(page, 654_321)).toBeInViewport()
  await expect(scroller(page).getByText('line 654321 of')).toBeVisible()

  await scroller(page).hover()
  const frames = await frameTimes(page, async () => {
    for (let at = 0; at < 60; at++) await page.mouse.wheel(0, 400)
  })
  const sorted = frames.toSorted((a, b) => a - b)
  info.annotations.push({ type: 'frames', description: `${frames.length}, median ${sorted[sorted.length >> 1]?.toFixed(1)} ms` })
  await expect(line(page, 654_321)).not.toBeInViewport()
  await expect(
    scroller(page)
      .getByText(/^line 65\d{4} /)
      .nth(20),
  ).toBeInViewport()
  // However long the text, no more than a screenful and a little stands in the page.
  expect(await scroller(page).getByRole('link').count()).toBeLessThan(120)

  await page.getByRole('button', { name: 'To the last line' }).click()
  await expect(scroller(page).getByText('line 1000000 of')).toBeInViewport()
  await scroller(page).press('Home')
  await expect(line(page, 1)).toBeInViewport()
  await expect(scroller(page).getByText(/^line 1 of/)).toBeVisible()
  // Dragged to the middle, as one drags a scrollbar.
  await scroller(page).evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2
  })
  await expect(
    scroller(page)
      .getByText(/^line (49|50)\d{4} /)
      .nth(20),
  ).toBeInViewport()

  await page.evaluate(() => {
    location.hash = '#L123456'
  })
  await expect(scroller(page).getByText('line 123456 of')).toBeInViewport()
  const there = scroller(page).getByRole('link').nth(5)
  await there.click()
  expect(new URL(page.url()).hash).toMatch(/^#L1234\d\d$/)
})

test('the raw download is what the console shows, whole and by stage', async ({ as, built }) => {
  const page = await as('Ada Admin')
  await page.goto(`/${built.service}/builds/${built.build}`)
  const words = await page.getByText(/[1-9][\d,]* lines$/).textContent()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Raw' }).click()])
  expect(download.suggestedFilename()).toBe(`${built.service}-${built.build}.log`)
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(Number(words?.replace(/\D/g, '')))

  const shown = await page
    .locator('.console a[href^="#L"]')
    .evaluateAll((links) => links.map((link) => [Number(link.textContent), link.nextElementSibling?.textContent] as const))
  expect(shown.length).toBeGreaterThan(5)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what the screen shows otherwise.
  const plain = (text: string | undefined) => text?.replace(/\u001b\[[0-9;]*m/g, '').trimEnd()
  for (const [number, text] of shown)
    expect(text?.trimEnd()).toBe(
      plain(lines[number - 1])
        ?.slice(0, 1_000)
        .trimEnd(),
    )

  await page.locator('[data-stage="specification"]').click()
  const [part] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Raw' }).click()])
  const stageLines = (await readFile(await part.path(), 'utf8')).trimEnd().split('\n')
  expect(stageLines.length).toBeLessThan(lines.length)
  await expect(page.getByText(new RegExp(`^${stageLines.length} lines?$`))).toBeVisible()
  for (const text of stageLines) expect(lines).toContain(text)
})

test('following goes with the end, stops when one scrolls up, and starts again at the end', async ({ as, built }) => {
  const page = await as('Ada Admin')
  await page.goto(`/${built.service}`)
  await page.getByRole('button', { name: 'Build now' }).click()
  await expect(page).toHaveURL(/\/builds\/\d+$/)
  const follow = page.getByRole('button', { name: 'Follow' })
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
  const height = () => scroller(page).evaluate((element) => element.scrollHeight - element.clientHeight)
  const fromEnd = () => scroller(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop)
  await expect.poll(height).toBeGreaterThan(200)
  await expect.poll(fromEnd).toBeLessThan(3)
  await scroller(page).hover()
  await page.mouse.wheel(0, -150)
  await expect(follow).toHaveAttribute('aria-pressed', 'false')
  const place = await scroller(page).evaluate((element) => element.scrollTop)
  const before = await height()
  await expect.poll(height, { timeout: 60_000 }).toBeGreaterThan(before)
  expect(await scroller(page).evaluate((element) => element.scrollTop)).toBe(place)
  await follow.click()
  await expect.poll(fromEnd).toBeLessThan(3)
  await page.getByRole('button', { name: 'Abort', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Abort', exact: true }).click()
  await expect(page.getByText('Aborted by Ada Admin.')).toBeVisible()
  await expect(follow).toBeHidden()
})
