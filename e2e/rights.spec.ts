import type { Page, WebSocket } from '@playwright/test'
import { call } from './operator.ts'
import { type Account, chooseAccount, expect, newcomer, ownProject, test } from './people.ts'
import { wordsOf } from './words.ts'

const words = wordsOf('en')
/** The server looks by itself at who holds a socket this long after it opened: one that ends sooner was ended by what was done. */
const nextLookMs = 60_000

interface Live {
  socket: WebSocket
  /** When the page was asked for; its socket opened later. */
  opened: number
}

/** Opens the console of a build that runs, which is what a live page is; gives the page's socket. */
async function watchLive(page: Page, { service, build }: { service: string; build: number }): Promise<Live> {
  const opened = Date.now()
  const [socket] = await Promise.all([
    page.waitForEvent('websocket', (one) => one.url().includes('/socket.io/')),
    page.goto(`/${service}/builds/${build}`),
  ])
  await expect(page.getByText(/[1-9][\d,]* lines?$/)).toBeVisible()
  return { socket, opened }
}

/** The page whose person has no rights any more: its socket ends, it leaves what it showed, and no page opens again. */
async function expectEnded(page: Page, { socket, opened }: Live): Promise<void> {
  if (!socket.isClosed()) await socket.waitForEvent('close', { timeout: nextLookMs })
  expect(Date.now() - opened).toBeLessThan(nextLookMs)
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/)
}

test('a browser that is signed out from another one loses its live page, and its next click leads to the sign-in', async ({ as }) => {
  const account: Account = { name: 'Two Browsers', email: 'two.rights@example.com' }
  const lost = await as(null)
  await newcomer(lost, account)
  const idle = await lost.context().newPage()
  await idle.goto('/account')
  const project = await ownProject(lost, 'Watched in two browsers', 'watched-twice')

  const kept = await as(null)
  await kept.goto('/sign-in?callbackUrl=/account/sessions')
  await chooseAccount(kept, account.name, account.email)
  await expect(kept).toHaveURL('/account/sessions')
  const end = kept.getByRole('listitem').getByRole('button', { name: /^Sign out/ })
  await expect(end).toHaveCount(1)
  const live = await watchLive(lost, project)
  await end.click()
  await expectEnded(lost, live)
  await expect(kept.getByText(words('sessions.ended'))).toBeVisible()
  await expect(kept.getByRole('listitem').filter({ hasText: words('sessions.current') })).toBeVisible()
  await expect(end).toHaveCount(0)

  await idle.getByRole('link', { name: words('shell.dashboard'), exact: true }).click()
  await expect(idle).toHaveURL(/\/sign-in\?callbackUrl=%2Fdashboard$/)
  await kept.goto('/dashboard')
  await expect(kept.getByRole('link', { name: 'watched-twice' }).first()).toBeVisible()
  await call('administration.users', { search: account.email })
})

test('whom an administrator suspends loses all pages, cannot come back, and can once that is lifted', async ({ as }) => {
  const account: Account = { name: 'Sus Pended', email: 'sus.rights@example.com' }
  const page = await as(null)
  await newcomer(page, account)
  const idle = await page.context().newPage()
  await idle.goto('/dashboard')
  const project = await ownProject(page, 'Watched until the end', 'watched-until')

  const admin = await as('Ada Admin')
  await admin.goto(`/admin/users?search=${account.email}`)
  await admin.getByRole('link', { name: account.name }).and(admin.locator(':visible')).click()
  await expect(admin).toHaveURL(/\/admin\/users\/[\w-]{36}$/)
  await admin.getByRole('button', { name: words('users.acts.suspend'), exact: true }).click()
  const dialog = admin.getByRole('alertdialog')
  const confirm = dialog.getByRole('button', { name: words('users.acts.suspend') })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel(words('users.suspendDialog.reason')).fill('Mines <b>coins</b>')
  const live = await watchLive(page, project)
  await confirm.click()
  await expectEnded(page, live)
  await idle
    .getByRole('link', { name: words('shell.newProject') })
    .first()
    .click()
  await expect(idle).toHaveURL(/\/sign-in\?/)
  await chooseAccount(idle, account.name, account.email)
  await expect(idle.getByText(words('signIn.errors.Suspended'))).toBeVisible()

  await expect(admin.getByText('Mines <b>coins</b>').first()).toBeVisible()
  await admin.getByRole('button', { name: words('users.acts.restore') }).click()
  await admin
    .getByRole('alertdialog')
    .getByRole('button', { name: words('users.acts.restore') })
    .click()
  await expect(admin.getByRole('button', { name: words('users.acts.suspend'), exact: true })).toBeVisible()
  await newcomer(page, account)
  await page.goto('/watched-until')
  await expect(page.getByRole('link', { name: words('members.settings'), exact: true })).toBeVisible()
})
