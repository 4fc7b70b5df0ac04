import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string | null
  nodes: { html: string; failureSummary?: string }[]
}

/**
 * What axe-core finds on the page as it stands, be it minor or critical, one line each; empty where there is nothing. The
 * address of a page changes before its words are there, so the page's heading is waited for.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  await expect(page.locator('h1').first()).toBeAttached()
  await page.evaluate(`window.axe || (() => { ${source} })()`)
  const violations = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: Violation[] }> } }).axe
    return (await axe.run(document, { resultTypes: ['violations'] })).violations
  })
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  )
}
