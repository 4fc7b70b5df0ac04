import type { Page } from '@playwright/test'
import { openMail, readable } from './mail.ts'
import { type Account, chooseAccount, expect, newcomer, ownProject, test } from './people.ts'
import { wordsOf } from './words.ts'

const words = wordsOf('en')
// Nothing in it could be taken for an address, which mails to strangers write apart.
const owner: Account = { name: '<img src=x onerror="alert(1)">', email: 'owner.shared@example.com' }
const friend: Account = { name: 'Frida Friend', email: 'frida.shared@example.com' }

/** The name that would be markup stands there as text, and as nothing else. */
async function expectText(page: Page, text: string): Promise<void> {
  await expect(page.getByText(text).and(page.locator(':visible')).first()).toBeVisible()
  await expect(page.locator('img[src="x"]')).toHaveCount(0)
}

async function invite(page: Page, service: string, email: string, role: string): Promise<void> {
  await page.goto(`/${service}/members`)
  await expect(page.getByRole('button', { name: words('members.invite.send') })).toBeEnabled()
  await page.getByLabel(words('members.invite.email')).fill(email)
  await page.getByLabel(words('members.invite.role'), { exact: true }).selectOption({ label: role })
  await page.getByRole('button', { name: words('members.invite.send') }).click()
  await expect(page.getByText(words('members.invite.sent', { email }))).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: email })).toContainText(role)
}

/** Follows the link of the invitation's mail, which the administrator reads. */
async function linkOf(admin: Page, email: string, service: string): Promise<string> {
  const mail = await openMail(admin, email, words('mail.invitation.subject', { inviter: owner.name, service }))
  await expect(readable(mail, owner.name)).toBeVisible()
  await expect(mail.locator('img[src="x"]')).toHaveCount(0)
  const link = await mail.getByRole('link', { name: words('mail.invitation.button') }).getAttribute('href')
  if (!link) throw new Error('the mail has no link')
  return link
}

const settings = (page: Page) => page.getByRole('link', { name: words('members.settings'), exact: true })
const buildNow = (page: Page) => page.getByRole('button', { name: words('service.buildNow') })

test('invited by mail, one comes in, gets other roles while one looks on, and inherits the project', async ({ as }) => {
  const page = await as(null)
  await newcomer(page, owner)
  const { service } = await ownProject(page, 'A reading list', 'shared-list')
  await invite(page, service, friend.email, words('members.roles.VIEWER'))
  await expectText(page, owner.name)
  const link = await linkOf(await as('Ada Admin'), friend.email, service)

  // Somebody else's account gets nowhere with it.
  const stranger = await as('Sam Rivers')
  await stranger.goto(link)
  await expect(stranger.getByRole('heading', { name: words('invitation.other.title') })).toBeVisible()
  await expect(stranger.getByText(friend.email)).toHaveCount(0)

  const guest = await as(null)
  await guest.goto(link)
  await expectText(guest, owner.name)
  await chooseAccount(guest, friend.name, friend.email)
  await expect(guest).toHaveURL(link)
  await expectText(guest, owner.name)
  await guest.getByRole('button', { name: words('invitation.accept') }).click()
  await expect(guest).toHaveURL(`/${service}`)
  await guest.goto(link)
  await expect(guest).toHaveURL(`/${service}`)

  await expect(guest.getByRole('link', { name: words('members.title'), exact: true })).toBeVisible()
  await expect(buildNow(guest)).toHaveCount(0)
  await expect(settings(guest)).toHaveCount(0)
  await guest.goto(`/${service}/settings`)
  await expect(guest.getByText(words('projectSettings.ownersOnly.title'))).toBeVisible()
  await expect(guest.getByRole('button', { name: words('projectSettings.remove.action') })).toHaveCount(0)
  await guest.goto(`/${service}`)

  // Nothing on the guest's page is read anew by hand from here on.
  const role = page.getByRole('combobox', { name: words('members.roleOf', { name: friend.name }) })
  await page.goto(`/${service}/members`)
  await expect(role).toHaveValue('VIEWER')
  await role.selectOption('MAINTAINER')
  await expect(buildNow(guest)).toBeVisible()
  await role.selectOption('OWNER')
  await expect(settings(guest)).toBeVisible()
  await role.selectOption('VIEWER')
  await expect(buildNow(guest)).toHaveCount(0)
  await expect(settings(guest)).toHaveCount(0)
  await page.getByRole('button', { name: words('members.remove.of', { name: friend.name }) }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: words('members.remove.action') })
    .click()
  await expect(guest.getByText(words('missingPage.title'))).toBeVisible()

  await invite(page, service, friend.email, words('members.roles.VIEWER'))
  await handOver(page, service, await as('Ada Admin'), guest)
})

/** The friend comes in once more; then the owner deletes their account and leaves the project to them. */
async function handOver(page: Page, service: string, admin: Page, guest: Page): Promise<void> {
  await admin.goto(`/admin/mail?to=${encodeURIComponent(friend.email)}`)
  const mails = admin.getByRole('listitem').filter({ hasText: words('mail.invitation.subject', { inviter: owner.name, service }) })
  await expect(mails).toHaveCount(2)
  await mails.first().getByRole('button').click()
  const link = admin.frameLocator('iframe').getByRole('link', { name: words('mail.invitation.button') })
  await guest.goto((await link.getAttribute('href')) ?? '')
  await guest.getByRole('button', { name: words('invitation.accept') }).click()
  await expect(guest).toHaveURL(`/${service}`)

  await page.goto('/account/data')
  const remove = page.getByRole('button', { name: words('offboarding.account.action') })
  await expect(remove).toBeEnabled()
  await remove.click()
  await expect(page.getByText(words('offboarding.account.missing'))).toBeVisible()
  const answer = page.getByLabel(words('offboarding.account.answerOf', { service }))
  await answer.selectOption({ label: words('offboarding.account.give', { name: `${friend.name} (${friend.email})` }) })
  await page.getByLabel(words('offboarding.account.confirm', { email: owner.email })).fill(owner.email)
  await remove.click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: words('offboarding.account.action') })
    .click()
  await expect(page.getByText(words('offboarding.goodbye.title'))).toBeVisible()
  await expect(settings(guest)).toBeVisible()
  await guest.goto(`/${service}/members`)
  await expect(guest.getByRole('row').filter({ hasText: friend.email })).toBeVisible()
  await expect(guest.getByText(owner.name)).toHaveCount(0)
  await page.goto('/dashboard')
  await expect(page).toHaveURL(/\/sign-in\?/)
}

test('what its owner makes public everybody sees, live, for as long as it is public', async ({ as, built }) => {
  const page = await as('Ada Admin')
  await page.goto(`/${built.service}`)
  await buildNow(page).click()
  await expect(page).toHaveURL(/\/builds\/\d+$/)
  const path = new URL(page.url()).pathname
  const nobody = await as(null)
  expect((await nobody.request.get(path, { maxRedirects: 0 })).status()).toBe(307)

  await page.goto(`/${built.service}/settings`)
  await page.getByRole('button', { name: words('projectSettings.visibility.open.action') }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: words('projectSettings.visibility.open.action') })
    .click()
  await expect(page.getByText(words('projectSettings.visibility.opened'))).toBeVisible()

  await nobody.goto(path)
  const lines = async () => Number((await nobody.getByText(/[\d,]+ lines?$/).textContent())?.replace(/\D/g, ''))
  await expect.poll(lines).toBeGreaterThan(0)
  const early = await lines()
  await expect.poll(lines).toBeGreaterThan(early)
  await expect(nobody.getByRole('button', { name: words('build.abort.action'), exact: true })).toHaveCount(0)
  await expect(nobody.getByRole('link', { name: words('members.title'), exact: true })).toHaveCount(0)
  await expect(nobody.getByText('Ada Admin')).toHaveCount(0)

  await page.getByRole('button', { name: words('projectSettings.visibility.close.action') }).click()
  await expect(nobody).toHaveURL(/\/sign-in\?callbackUrl=/)
  await page.goto(path)
  await page.getByRole('button', { name: words('build.abort.action'), exact: true }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: words('build.abort.action'), exact: true })
    .click()
  await expect(page.locator('span[aria-live=polite]')).toHaveText(words('status.ABORTED'))
})
