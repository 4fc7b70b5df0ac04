import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import { rotationEvents } from './schema.ts'
import { askForWork, failRound, workAtRoundFor } from './service.ts'

const asked = z.object({ roundId: z.string(), projectId: z.string().nullable() })
/** What `onFailure` is told: the event whose function broke. */
const broken = z.object({ event: z.object({ data: asked }) })
const scopeOf = ({ projectId }: z.infer<typeof asked>) => (projectId === null ? null : projectFromEvent({ projectId }))

/** Stretches of one run; a longer round goes on in another, since what a run remembers is bounded. */
const stretches = 300

/** The functions of this domain, for the one list of functions. */
export function makeRotationFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const sealAnew = client.createFunction(
    {
      id: 'seal-anew',
      triggers: [{ event: rotationEvents.asked }],
      concurrency: { key: 'event.data.roundId', limit: 1 },
      retries: 4,
      onFailure: async ({ event }) => {
        const { data } = broken.parse(event.data).event
        await failRound(scopeOf(data), data.roundId)
      },
    },
    async ({ event, step, runId }) => {
      const { roundId } = asked.parse(event.data)
      const scope = scopeOf(asked.parse(event.data))
      for (let turn = 1; turn <= stretches; turn++) {
        const { over, waitMs } = await step.run(`stretch ${turn}`, () => withoutContent('stretch', () => workAtRoundFor(scope, roundId)))
        if (over) return
        // Durable waits are of whole seconds.
        if (waitMs > 0) await step.sleep(`wait ${turn}`, Math.ceil(waitMs / 1_000) * 1_000)
      }
      await step.run('go on', () => withoutContent('go on', () => askForWork(scope, roundId, runId)))
    },
  )
  return [sealAnew]
}
