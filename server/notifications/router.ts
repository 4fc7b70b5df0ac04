import { adminProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { mailInput, mailListInput, mailListOutput, mailOutput, outboxInput, outboxOutput } from './schema.ts'
import { listMails, listOutbox, readMail } from './service.ts'

const tags = ['Mail']

export const notificationsRouter = router({
  /** What the embedded mail server has taken in. */
  mails: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/mailbox/mails', summary: 'Mails kept by the embedded mail server', tags, protect: true } })
    .input(mailListInput)
    .output(mailListOutput)
    .query(({ input }) => listMails(input)),
  /** One of them with its words. */
  mail: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/mailbox/mails/{id}', summary: 'One mail of the embedded mail server', tags, protect: true } })
    .input(mailInput)
    .output(mailOutput)
    .query(({ input }) => readMail(input.id)),
  /** Which mails were sent or failed. */
  outbox: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/mails', summary: 'Mails that were sent or failed', tags, protect: true } })
    .input(outboxInput)
    .output(outboxOutput)
    .query(({ input }) => listOutbox(input)),
})
