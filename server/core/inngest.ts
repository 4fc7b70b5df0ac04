import type { Inngest } from 'inngest'
import { z } from 'zod'
import { registry } from './registry.ts'

/** The application id under which our functions are registered. */
export const inngestAppId = 'maestro'

/** The envelope every event's data carries besides what is its own; content never travels in events, only ids. */
export const envelopeSchema = z.object({
  /** Event id, also Inngest's dedupe id. */
  id: z.string(),
  /** The domain that speaks: `builds`, `projects`. */
  source: z.string(),
  /** RFC 3339, UTC. */
  time: z.iso.datetime(),
  /** What belongs together: the build's id, or the request's. */
  correlationId: z.string(),
})

/** The process's Inngest client; `jobs.ts` files and `sendEvent` use it. */
export const inngest = (): Inngest.Any => registry('inngest')

/**
 * Sends one event in its envelope. The id makes it safe to send again: a second event with the same id starts nothing.
 * Names are dotted (`build.requested`); `data` holds ids and status only.
 */
export async function sendEvent(event: {
  name: string
  id: string
  source: string
  correlationId: string
  data: Record<string, unknown>
}): Promise<void> {
  const { name, id, source, correlationId, data } = event
  const time = new Date(registry('clock').now()).toISOString()
  await inngest().send({ name, id, data: { ...data, id, source, time, correlationId } })
}
