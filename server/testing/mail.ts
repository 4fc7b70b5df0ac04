import { systemClock } from '@/server/core/clock.ts'
import { db } from '@/server/core/db.ts'
import { register } from '@/server/core/registry.ts'
import { startSmtp } from '@/server/embedded/smtp/server.ts'
import { mailboxKeeps } from '@/server/notifications/schema.ts'
import { closeMail } from '@/server/notifications/service.ts'

/** The embedded mail server in a test. */
export interface TestMail {
  url: string
  /** Every mail that was taken in for an address, the oldest first, as it came over the wire. */
  to(address: string): Promise<{ messageId: string; subject: string; text: string; html: string | null; raw: string }[]>
  stop(): Promise<void>
}

/** Starts the embedded mail server over the test's database, and registers it as the one that mail goes to. */
export async function testMail(): Promise<TestMail> {
  const { url, mailbox, stop } = await startSmtp({ clock: systemClock, keep: mailboxKeeps, onError: () => undefined })
  register({ mail: { url, from: 'Maestro <maestro@localhost>' }, mailbox })
  return {
    url,
    async to(address) {
      const rows = await db().embeddedMail.findMany({ where: { to: { has: address.toLowerCase() } }, orderBy: { id: 'asc' } })
      return rows.map(({ raw, ...mail }) => ({ ...mail, raw: Buffer.from(raw).toString('latin1') }))
    },
    async stop() {
      closeMail()
      await stop()
    },
  }
}
