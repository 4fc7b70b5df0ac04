import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { buildEvents } from '@/server/builds/schema.ts'
import { executorSlots } from '@/server/builds/service.ts'
import { projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import * as files from './service.ts'
import type { Run } from './stages/types.ts'

const requested = z.object({ buildId: z.string() })
/** What `onFailure` is told: the event whose function broke. */
const broken = z.object({ event: z.object({ data: z.object({ projectId: z.string(), buildId: z.string() }) }) })

type Once = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** From the files to a running service, as far as they say how; the first stage that is red is the last. */
async function flow(once: Once, run: Run, number: number): Promise<void> {
  const recipe = await once('source', () => files.layOut(run, number))
  if (!recipe) return
  const wanted: [wanted: boolean, name: string, work: () => Promise<boolean>][] = [
    [recipe.install, 'install', () => files.install(run, recipe.locked)],
    [recipe.build, 'build', () => files.build(run)],
    [recipe.test, 'test', () => files.test(run)],
    [recipe.start, 'deployment', () => files.release(run, recipe.pages)],
  ]
  for (const [is, name, work] of wanted) if (is && !(await once(name, work))) return
}

/** The functions of this domain, for the one list of functions. */
export function makeHandoverFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const buildFiles = client.createFunction(
    {
      id: 'build-files',
      triggers: [{ event: buildEvents.requested, if: "event.data.kind == 'FILES'" }],
      idempotency: 'event.data.buildId',
      concurrency: executorSlots(),
      cancelOn: [{ event: buildEvents.abortRequested, if: 'event.data.buildId == async.data.buildId' }],
      retries: 2,
      onFailure: async ({ event }) => {
        const { data } = broken.parse(event.data).event
        await files.finishBroken({ projectId: projectFromEvent(data), buildId: data.buildId })
      },
    },
    async ({ event, step }) => {
      const run = { projectId: projectFromEvent(event.data), buildId: requested.parse(event.data).buildId }
      const once = ((name, work) => step.run(name, () => withoutContent(name, work))) as Once
      const number = await once('start', () => files.start(run))
      if (number !== null) await flow(once, run, number)
      await once('finish', () => files.finish(run))
    },
  )
  return [buildFiles]
}
