import { type Browser, type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { z } from 'zod'
import { createProjectOutput } from '@/server/projects/schema.ts'
import { type Built, builtProject, call } from './operator.ts'
import { baseURL } from './place.ts'

/** The identities that the stand-in for Google offers. Ada is the operator, so what the control socket makes is hers. */
export type Person = 'Ada Admin' | 'Minji Kim' | 'Sam Rivers'

/** On the sign-in page: the whole way to Google's stand-in and back. */
export async function chooseIdentity(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByRole('button', { name: person }).click()
}

/** On the page of Google's stand-in: an account of one's own making, which nobody here has seen before. */
export async function chooseAccount(page: Page, name: string, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
}

const addresses: Record<Person, string> = {
  'Ada Admin': 'admin@maestro.localhost',
  'Minji Kim': 'minji@maestro.localhost',
  'Sam Rivers': 'sam@maestro.localhost',
}
const found = z.object({ items: z.array(z.object({ id: z.string(), email: z.string() })) })

/** Lets somebody who has signed in into the beta, as the operator; done before, it changes nothing. */
export async function approve(email: string): Promise<void> {
  const { items } = found.parse(await call('administration.users', { search: email }))
  const person = items.find((one) => one.email === email)
  if (!person) throw new Error(`nobody has signed in as ${email}`)
  await call('administration.approve', { id: person.id })
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>

/** Lets in whoever has just signed in on this page, and past the introduction. */
async function letIn(page: Page, email: string): Promise<void> {
  await expect(page).toHaveURL(/\/(beta|onboarding|dashboard)$/)
  await approve(email)
  await page.goto('/dashboard')
  const [skip, dashboard] = [page.getByRole('button', { name: 'Skip' }), page.getByRole('heading', { name: 'Dashboard' })]
  await expect(skip.or(dashboard)).toBeVisible()
  if (await skip.isVisible()) await skip.click()
  await expect(dashboard).toBeVisible()
}

/** Signs one of the fixed people in for the first time, lets them in, and past the introduction. */
async function welcomed(browser: Browser, person: Person): Promise<State> {
  // Before the first test nobody has told the browser where this is.
  const context = await browser.newContext({ baseURL })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await chooseIdentity(page, person)
  await letIn(page, addresses[person])
  const state = await context.storageState()
  await context.close()
  return state
}

/** An account that a test makes up. */
export interface Account {
  name: string
  email: string
}

/** Signs in, on a page of nobody's, somebody whom nobody here has seen; ends on their dashboard. */
export async function newcomer(page: Page, { name, email }: Account): Promise<void> {
  await page.goto('/sign-in')
  await chooseAccount(page, name, email)
  await letIn(page, email)
}

/** Has a project made by whoever is signed in on this page; its first build runs. */
export async function ownProject(page: Page, title: string, name: string): Promise<Built> {
  const data = { json: { requestId: crypto.randomUUID(), name, source: { type: 'text', title, body: 'A list of books to read.' } } }
  const answer = await page.request.post('/api/trpc/projects.create', { data, headers: { origin: baseURL } })
  expect(answer.status()).toBe(200)
  return createProjectOutput.parse((await answer.json()).result.data.json)
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
  // Before every test: those who sign in by themselves are known, too.
  states: [
    async ({ browser }, use) => {
      const states = new Map<Person, State>()
      for (const person of Object.keys(addresses) as Person[]) states.set(person, await welcomed(browser, person))
      await use(states)
    },
    { scope: 'worker', auto: true, timeout: 120_000 },
  ],
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
      const context = await browser.newContext({ ...options, ...(person ? { storageState: states.get(person) } : {}) })
      contexts.push(context)
      const page = await context.newPage()
      await watch(page, wrongs)
      return page
    })
    for (const context of contexts) await context.close()
  },
})

/**
 * Writes down everything that a page's console calls an error, and whatever its Content-Security-Policy had to refuse; looking into the frame of a
 * mail is refused to the tests themselves.
 */
export async function watch(page: Page, wrongs: string[]): Promise<void> {
  await page.exposeFunction('reportRefused', (what: string) => wrongs.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ documentURI, effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
      const { reportRefused } = window as unknown as { reportRefused(what: string): void }
      reportRefused(`${documentURI}: ${effectiveDirective} refused ${blockedURI} (${sourceFile}:${lineNumber})`)
    })
  })
  page.on('pageerror', (error) => wrongs.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d|^Blocked script execution in 'about:srcdoc'/.test(message.text()))
      wrongs.push(`${page.url()}: ${message.text()}`)
  })
}

export { expect }
