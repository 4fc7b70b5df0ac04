import { expect, type FrameLocator, type Page } from '@playwright/test'

/** Opens, in the administrators' mailbox, the one mail to `email` with this subject, and gives what it shows. */
export async function openMail(admin: Page, email: string, subject: string): Promise<FrameLocator> {
  await admin.goto(`/admin/mail?to=${encodeURIComponent(email)}`)
  const mails = admin.getByRole('listitem').filter({ hasText: subject })
  await expect(mails).toHaveCount(1)
  await mails.getByRole('button').click()
  await expect(admin.getByRole('heading', { name: subject })).toBeVisible()
  const frame = admin.locator('iframe')
  // The browser blocks what runs in a mail and says so, of the tests' own looks inside as of all else: a mail has nothing that could run.
  expect(await frame.getAttribute('srcdoc')).not.toMatch(/<script|\son\w+\s*=\s*["']?[^&>]*>|javascript:/i)
  return frame.contentFrame()
}

/** Words that one reads in a mail; what only previews of it show is hidden in it. */
export const readable = (mail: FrameLocator, text: string) => mail.getByText(text).and(mail.locator(':visible')).first()
