import { expect, type FrameLocator, type Page } from '@playwright/test'

/** Opens, in the administrators' mailbox, the one mail to `email` with this subject, and gives what it shows. */
export async function openMail(admin: Page, email: string, subject: string): Promise<FrameLocator> {
  await admin.goto(`/admin/mail?to=${encodeURIComponent(email)}`)
  const mails = admin.getByRole('listitem').filter({ hasText: subject })
  await expect(mails).toHaveCount(1)
  await mails.getByRole('button').click()
  await expect(admin.getByRole('heading', { name: subject })).toBeVisible()
  return admin.frameLocator('iframe')
}
