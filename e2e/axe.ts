import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const colourRules = ['color-contrast', 'link-in-text-block']

interface Violation {
  id: string
  impact: string | null
  nodes: { html: string; failureSummary?: string }[]
}

/**
 * What axe-core finds on the page as it stands, be it minor or critical, one line each; empty where there is nothing. The
 * address of a page changes before its words are there, so the page's heading is waited for.
 * @param about `colours`: only what its colours have to do with, for a page that was looked at whole in another theme
 */
export async function faultsOf(page: Page, about: 'everything' | 'colours' = 'everything'): Promise<string[]> {
  await expect(page.locator('h1').first()).toBeAttached()
  await page.evaluate(`window.axe || (() => { ${source} })()`)
  const violations = await page.evaluate(
    async (rules) => {
      const axe = (window as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: Violation[] }> } }).axe
      // Fetching every style sheet once more serves rules that do not run by default.
      return (await axe.run(document, { resultTypes: ['violations'], preload: false, ...(rules ? { runOnly: rules } : {}) })).violations
    },
    about === 'colours' ? colourRules : null,
  )
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  )
}
