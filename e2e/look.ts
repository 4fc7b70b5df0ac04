import type { Page } from '@playwright/test'
import { faultsOf } from './axe.ts'
import { expect } from './people.ts'

// What text is written in, by theme.
const ink = { light: 'rgb(29, 26, 33)', dark: 'rgb(238, 235, 241)' }

/** Looks at the page as it stands, on a wide screen and a phone, in light and in dark. */
export async function look(page: Page, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const where = `${name}, ${width} px, ${colorScheme}`
      await expect(page.locator('body')).toHaveCSS('color', ink[colorScheme])
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(wide, `${where}: wider than its window`).toBeLessThanOrEqual(0)
      expect.soft(await faultsOf(page, colorScheme === 'light' ? 'everything' : 'colours'), where).toEqual([])
    }
  }
}
