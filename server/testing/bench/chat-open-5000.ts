import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { chromium as executablePath } from '@/e2e/place.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { type Site, site } from './site.ts'
import type { Bench } from './types.ts'

const runs = 5
const messages = 5_000

/** Fills a conversation of the site's person, in a process of its own. */
async function fill({ dataDir, email }: Site): Promise<string> {
  const args = ['--import', 'tsx', join(projectRoot(), 'server', 'testing', 'long-chat.ts'), dataDir, email, String(messages)]
  const child = spawn(process.execPath, args, { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (bytes) => {
    printed += bytes
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`the conversation could not be made (${status})`)
  return printed
}

// Runs in the page before its own scripts: notes when the last message is in sight, and what each frame takes while asked to.
const watch = () => {
  const seen = { first: 0, frames: [] as number[], counting: false }
  Object.assign(window, { seen })
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => seen.counting && seen.frames.push(performance.now() - data)
  const look = (now: number) => {
    // Comes back when this frame is laid out and painted: what the page's thread had to do for it.
    port2.postMessage(now)
    if (!seen.first) {
      const box = [...document.querySelectorAll('[data-message]')].at(-1)?.getBoundingClientRect()
      // Drawn once the frame after this one begins.
      if (box && box.height > 0 && box.top < innerHeight && box.bottom > 0)
        requestAnimationFrame((at) => Object.assign(seen, { first: at }))
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
interface Seen {
  first: number
  frames: number[]
  counting: boolean
}
const seenIn = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen }).seen)
const count = (page: Page, counting: boolean) =>
  page.evaluate((on) => {
    Object.assign((window as unknown as { seen: Seen }).seen, { counting: on })
  }, counting)

/** Opens the conversation as somebody does whose browser knows the site, then writes and scrolls in it. */
async function visit(browser: Browser, { base, cookie }: Site, path: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  const [name = '', value = ''] = cookie.split('=', 2)
  await context.addCookies([{ name, value, url: base }])
  const page = await context.newPage()
  // The compiler of this file gives functions their names back by a helper that the page has not.
  await page.addInitScript('globalThis.__name = (given) => given')
  await page.addInitScript(watch)
  // What the browser keeps of a site that is used every day.
  await page.goto(`${base}${path}`, { waitUntil: 'networkidle' })
  await page.goto(`${base}${path}`, { waitUntil: 'networkidle' })
  const { first } = await seenIn(page)
  const field = page.locator('[data-composer]')
  await field.click()
  await count(page, true)
  await page.keyboard.type('A question that is written while thousands of messages stand above it. ', { delay: 15 })
  await count(page, false)
  await page.locator('[data-thread]').hover()
  await count(page, true)
  for (let step = 0; step < 60; step++) {
    await page.mouse.wheel(0, step < 45 ? -400 : 400)
    await page.waitForTimeout(20)
  }
  await count(page, false)
  const { frames } = await seenIn(page)
  await context.close()
  if (!first) throw new Error('the last message was never in sight')
  return { first, frame: [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? Number.NaN }
}

export const bench: Bench = {
  id: 'chat-open-5000',
  about: 'a conversation of 5,000 messages in Chromium: until its end is in sight, and frames while one writes and scrolls in it',
  async run() {
    const maestro = await site()
    const args = ['--disable-gpu', ...(userInfo().uid === 0 ? ['--no-sandbox'] : [])]
    const browser = await chromium.launch({ executablePath, args })
    try {
      const path = `/workspace/${await fill(maestro)}`
      const visits: Awaited<ReturnType<typeof visit>>[] = []
      // The first visit warms the server up.
      for (let at = 0; at <= runs; at++) visits.push(await visit(browser, maestro, path))
      const figure = (what: 'first' | 'frame', atMost: number) => {
        return { what, unit: 'ms', runs: visits.slice(1).map((one) => one[what]), baseline: null, goal: { atMost } }
      }
      return [figure('first', 300), figure('frame', 16)]
    } finally {
      await browser.close()
      await maestro.stop()
    }
  },
}
