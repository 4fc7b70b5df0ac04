import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import { memberEvents } from './schema.ts'
import { sendInvitation } from './service.ts'

const invited = z.object({ invitationId: z.uuid() })

/** The functions of this domain, for the one list of functions. */
export function makeMemberFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const mail = client.createFunction(
    { id: 'send-invitation', triggers: [{ event: memberEvents.invited }], retries: 8 },
    async ({ event, step }) => {
      const { invitationId } = invited.parse(event.data)
      const projectId = projectFromEvent(event.data)
      // The link's secret is made within the step and leaves it in the mail alone.
      await step.run('send', () => withoutContent('send', () => sendInvitation(projectId, invitationId)))
    },
  )
  return [mail]
}
