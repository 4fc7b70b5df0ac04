// Takes the landing page's pictures of a running Maestro: tsx server/testing/pictures.ts <base address> <session cookie> <English service> <Korean service>
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { chromium as executablePath } from '@/e2e/place.ts'

const [base = '', cookie = '', ...services] = process.argv.slice(2)
const folder = join(import.meta.dirname, '..', '..', 'public', 'pictures')
const [sessionName = '', sessionValue = ''] = cookie.split('=')

interface Picture {
  width: number
  height: number
  scale: number
  path(service: string): string
  /** What has to be done to the page first. */
  prepare?(page: Page): Promise<unknown>
}

const buildTab = (at: number) => async (page: Page) => {
  await page.getByRole('tab').nth(at).click()
  // A bar over the picture, and a ring around what was clicked, say nothing about the product.
  await page.addStyleTag({
    content: 'header{visibility:hidden}*{outline:none!important}html{scrollbar-width:none}body{padding-bottom:100vh}',
  })
  await page.getByRole('tablist').evaluate((list) => window.scrollTo(0, list.getBoundingClientRect().top + window.scrollY - 12))
}
const build = (service: string) => `${base}/${service}/builds/1`
const app = (service: string) => base.replace('://', `://${service}.`)

const pictures: Record<string, Picture> = {
  build: { width: 1200, height: 720, scale: 1.6, path: build },
  'build-phone': { width: 390, height: 620, scale: 2, path: build },
  criteria: { width: 760, height: 330, scale: 1.6, path: build, prepare: buildTab(1) },
  handovers: { width: 1040, height: 560, scale: 1.3, path: build, prepare: buildTab(2) },
  dashboard: { width: 860, height: 350, scale: 1.6, path: () => `${base}/dashboard` },
  app: {
    width: 860,
    height: 640,
    scale: 1.4,
    path: app,
    prepare: (page) =>
      page
        .locator('main a, li a')
        .last()
        .click({ timeout: 3_000 })
        .catch(() => undefined),
  },
}

async function take(context: BrowserContext, { path, prepare, width, height }: Picture, service: string): Promise<Buffer> {
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  await page.goto(path(service), { waitUntil: 'networkidle' })
  await prepare?.(page)
  await page.waitForTimeout(600)
  const devtools = await context.newCDPSession(page)
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 })
  await page.close()
  return Buffer.from(data, 'base64')
}

async function takeAll(browser: Browser, locale: string, theme: 'light' | 'dark', service: string): Promise<void> {
  for (const [name, picture] of Object.entries(pictures)) {
    const context = await browser.newContext({ colorScheme: theme, locale, deviceScaleFactor: picture.scale })
    await context.addCookies([{ name: sessionName, value: sessionValue, url: base }])
    await writeFile(join(folder, `${name}-${locale}-${theme}.webp`), await take(context, picture, service))
    await context.close()
  }
}

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.localhost 127.0.0.1'],
})
for (const [at, locale] of ['en', 'ko'].entries())
  for (const theme of ['light', 'dark'] as const) await takeAll(browser, locale, theme, services[at] ?? '')
await browser.close()
