import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { withoutContent } from '@/server/core/inngest.ts'
import { memoryEvents } from './schema.ts'
import { failReading, readDocument } from './service.ts'

const eventSchema = z.object({ documentId: z.uuid() })
const failedSchema = z.object({ event: z.object({ data: eventSchema }) })

/** The functions of this domain, for the one list of functions. */
export function makeMemoryFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const read = client.createFunction(
    {
      id: 'read-document',
      triggers: [{ event: memoryEvents.added }],
      retries: 4,
      // A reading takes memory of its own: few at once, and one at a time for each person, so that nobody waits for another's library.
      concurrency: [{ limit: 2 }, { limit: 1, key: 'event.data.ownerId' }],
      onFailure: async ({ event }) => {
        const { documentId } = failedSchema.parse(event.data).event.data
        await failReading(documentId)
      },
    },
    async ({ event, step }) => {
      const { documentId } = eventSchema.parse(event.data)
      await step.run('read', () => withoutContent('read', async () => ({ outcome: await readDocument(documentId) })))
    },
  )
  return [read]
}
