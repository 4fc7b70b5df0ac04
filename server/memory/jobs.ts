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
      concurrency: [{ limit: 2 }],
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
