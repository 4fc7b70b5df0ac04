import type { Page } from '@playwright/test'
import { faultsOf } from './axe.ts'
import { expect } from './people.ts'

// What text is written in, by theme.
const ink = { light: 'rgb(29, 26, 33)', dark: 'rgb(238, 235, 241)' }

const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 800 }
const light = 'light' as const

/**
 * Which dresses a page is looked at in, and what for. Colours come from the theme and know neither language nor width, so a page's second theme is
 * looked at once; what Korean changes is words and how much room they take.
 */
const dresses = {
  en: [
    { ...desk, theme: light, about: 'everything' },
    { ...desk, theme: 'dark', about: 'colours' },
    { ...phone, theme: light, about: 'everything' },
  ],
  ko: [
    { ...desk, theme: light, about: null },
    { ...phone, theme: light, about: 'everything' },
  ],
} as const

/** Looks at the page as it stands, on a wide screen and a phone, in light and in dark. */
export async function look(page: Page, name: string): Promise<void> {
  const language = (await page.locator('html').getAttribute('lang')) === 'ko' ? 'ko' : 'en'
  for (const { width, height, theme, about } of dresses[language]) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const where = `${name}, ${width} px, ${theme}`
    await expect(page.locator('body')).toHaveCSS('color', ink[theme])
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(wide, `${where}: wider than its window`).toBeLessThanOrEqual(0)
    if (about) expect.soft(await faultsOf(page, about), where).toEqual([])
  }
}
