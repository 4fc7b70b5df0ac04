import type { Inngest, InngestFunction } from 'inngest'
import { projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import { offboardingEvents } from './schema.ts'
import { removeProject } from './service.ts'

/** The functions of this domain, for the one list of functions. */
export function makeOffboardingFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const remove = client.createFunction(
    { id: 'remove-project', triggers: [{ event: offboardingEvents.givenUp }], retries: 4 },
    async ({ event, step }) => {
      await step.run('remove', () => withoutContent('remove', () => removeProject(projectFromEvent(event.data))))
    },
  )
  return [remove]
}
