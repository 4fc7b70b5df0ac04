import { expect as expectIt, type Locator, type Page } from '@playwright/test'
import { expect } from './people.ts'
import { baseURL } from './place.ts'

export const field = (page: Page) => page.locator('[data-composer]')
export const answers = (page: Page) => page.locator('[data-message]').filter({ has: page.locator('h2') })
export const last = (page: Page): Locator => page.locator('[data-message]').last()

/** Begins a conversation and gives its address. */
export async function begin(page: Page, agentId?: string): Promise<string> {
  await page.goto(`/workspace/new${agentId ? `?agent=${agentId}` : ''}`)
  await expect(page).toHaveURL(/\/workspace\/[0-9a-f-]{36}$/)
  await expect(field(page)).toBeEnabled()
  return page.url()
}

/** Says something once the answer before is over, and waits until the next one begins. */
export async function say(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('button', { name: /^(Send|보내기)$/ })).toBeVisible()
  const before = await page
    .locator('[data-message]')
    .last()
    .getAttribute('data-message', { timeout: 1_000 })
    .catch(() => null)
  await field(page).fill(text)
  await field(page).press('Enter')
  await expect(field(page)).toHaveValue('')
  await expect(page.locator('[data-message]').last()).not.toHaveAttribute('data-message', before ?? '')
}

export const settled = (page: Page) => expect(last(page)).toHaveAttribute('data-state', 'done')

/** An agent of whoever is signed in on this page, made as a program makes one. */
export async function makeAgent(page: Page, name: string, tools: Record<string, string>): Promise<string> {
  const config = { instructions: 'Be brief.', model: 'claude-sonnet-5-5', tools }
  const data = { json: { requestId: crypto.randomUUID(), name, status: 'active', config } }
  const answer = await page.request.post('/api/trpc/agents.create', { data, headers: { origin: baseURL } })
  expectIt(answer.status(), await answer.text()).toBe(200)
  return (await answer.json()).result.data.json.id
}
