import { userInfo } from 'node:os'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from '@playwright/test'
import { chromium as executablePath } from '@/e2e/place.ts'
import { site } from './site.ts'
import type { Bench } from './types.ts'

const runs = 5

interface Vitals {
  /** Seconds until the largest thing in sight was drawn. */
  lcp: number
  /** How much of the page moved after it was drawn, from 0 on. */
  cls: number
  /** Scripts, inline ones included, in kilobytes as gzip makes them. */
  script: number
}

// Registered before the page's own first byte is read; the browser hands over what it saw since.
const watch = () => {
  const seen = { lcp: 0, cls: 0 }
  Object.assign(window, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.lcp = entry.startTime / 1_000
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.cls += (entry as PerformanceEntry & { value: number }).value
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Opens the page as somebody does who has never been here, and reads it to its end. */
async function visit(browser: Browser, url: string): Promise<Vitals> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.addInitScript(watch)
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  for (let at = 0; at < 8; at++) await page.mouse.wheel(0, 600)
  await page.waitForLoadState('networkidle')
  const inline = await page.$$eval('script:not([src])', (found) => found.map((one) => one.textContent ?? '').join('\n'))
  const { lcp, cls } = await page.evaluate(() => (window as unknown as { seen: Omit<Vitals, 'script'> }).seen)
  const bytes = [...(await Promise.all(scripts)), Buffer.from(inline)].reduce(
    (sum, text) => sum + (text.length ? gzipSync(text).length : 0),
    0,
  )
  await context.close()
  if (!lcp) throw new Error('the browser drew nothing')
  return { lcp, cls, script: bytes / 1_000 }
}

export const bench: Bench = {
  id: 'web-vitals',
  about:
    'the landing page of the production server in Chromium, by a visitor who has never been there, read to its end: largest paint, movement, scripts',
  async run() {
    const maestro = await site()
    const browser = await chromium.launch({ executablePath, args: ['--disable-gpu', ...(userInfo().uid === 0 ? ['--no-sandbox'] : [])] })
    try {
      const visits: Vitals[] = []
      // The first visit warms the server up.
      for (let at = 0; at <= runs; at++) visits.push(await visit(browser, `${maestro.base}/`))
      const figure = (what: keyof Vitals, unit: string, atMost: number) => {
        return { what, unit, runs: visits.slice(1).map((one) => one[what]), baseline: null, goal: { atMost } }
      }
      return [figure('lcp', 's', 1), figure('cls', '', 0.02), figure('script', 'KB', 130)]
    } finally {
      await browser.close()
      await maestro.stop()
    }
  },
}
