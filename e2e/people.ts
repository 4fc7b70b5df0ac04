import { type Browser, type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { type Built, builtProject } from './operator.ts'

/** The identities that the stand-in for Google offers. Ada is the operator, so what the control socket makes is hers. */
export type Person = 'Ada Admin' | 'Minji Kim' | 'Sam Rivers'

/** On the sign-in page: the whole way to Google's stand-in and back. */
export async function chooseIdentity(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByRole('button', { name: person }).click()
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>

async function signedInState(browser: Browser, person: Person): Promise<State> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto('/sign-in')
  await chooseIdentity(page, person)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  const state = await context.storageState()
  await context.close()
  return state
}

interface Fixtures {
  /** Opens a page as this person, or as nobody; the page is closed with the test. */
  as: (person: Person | null, options?: BrowserContextOptions) => Promise<Page>
  /** What the browser's console said that was wrong; an answer of 4xx that a test asks for is not. */
  wrongs: string[]
}

// Playwright wants a pattern in the first place even of a fixture that needs nothing.
/** Playwright's test with people who are signed in, and pages whose errors fail the test. */
export const test = base.extend<Fixtures, { states: Map<Person, State>; built: Built }>({
  states: [({ browser: _ }, use) => use(new Map()), { scope: 'worker' }],
  // The first test that needs it waits for a whole build.
  built: [({ browser: _ }, use) => builtProject().then(use), { scope: 'worker', timeout: 600_000 }],
  wrongs: async ({ browser: _ }, use) => {
    const wrongs: string[] = []
    await use(wrongs)
    expect(wrongs).toEqual([])
  },
  as: async ({ browser, states, wrongs }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (person, options = {}) => {
      if (person && !states.has(person)) states.set(person, await signedInState(browser, person))
      const context = await browser.newContext({ ...options, ...(person ? { storageState: states.get(person) } : {}) })
      contexts.push(context)
      const page = await context.newPage()
      watch(page, wrongs)
      return page
    })
    for (const context of contexts) await context.close()
  },
})

/** Writes down everything that a page's console calls an error. */
export function watch(page: Page, wrongs: string[]): void {
  page.on('pageerror', (error) => wrongs.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrongs.push(`${page.url()}: ${message.text()}`)
  })
}

export { expect }
