import type { Page } from '@playwright/test'
import { seriousFaults } from './axe.ts'
import { expect } from './people.ts'

/** Looks at the page as it stands, on a wide screen and a phone, in light and in dark. */
export async function look(page: Page, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const where = `${name}, ${width} px, ${colorScheme}`
      await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${colorScheme}\\b`))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(wide, `${where}: wider than its window`).toBeLessThanOrEqual(0)
      expect.soft(await seriousFaults(page), where).toEqual([])
    }
  }
}
