import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { withoutContent } from '@/server/core/inngest.ts'
import { betaEvents } from './schema.ts'
import { sendDecision, sendNotices, sendReceipt } from './service.ts'

const application = z.object({ applicationId: z.uuid() })
/** A mail server may be away for hours; the letters' keys make every further try harmless. */
const retries = 10

/** The functions of this domain, for the one list of functions. */
export function makeBetaFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const onEvent = (id: string, event: string, work: (applicationId: string) => Promise<void>) =>
    client.createFunction({ id, triggers: [{ event }], retries }, async ({ event: told, step }) => {
      const { applicationId } = application.parse(told.data)
      await step.run('send', () => withoutContent(id, () => work(applicationId)))
    })
  return [
    onEvent('send-beta-receipt', betaEvents.applied, sendReceipt),
    onEvent('send-beta-notices', betaEvents.applied, sendNotices),
    onEvent('send-beta-decision', betaEvents.decided, sendDecision),
  ]
}
