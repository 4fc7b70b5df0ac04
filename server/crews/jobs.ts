import type { Inngest, InngestFunction } from 'inngest'
import { buildEvents } from '@/server/builds/schema.ts'
import { executorSlots } from '@/server/builds/service.ts'
import { projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import * as crew from './service.ts'
import { repairRounds, repairStages, stages } from './software/stages.ts'
import type { Ended, Run, Verdict } from './software/types.ts'

/** `step.run`, as far as the flow needs it: runs `work` once, whatever happens. */
type Once = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Ends the flow from anywhere in it; why stands in the stage already. */
class Over extends Error {
  constructor(readonly status: 'FAILURE' | 'ABORTED') {
    super(status)
  }
}

function outcomeOf<T>(ended: Ended<T>): T {
  if (!ended.ok) throw new Over(ended.status)
  return ended.value
}

/** Runs a stage once; a stage that ends the build ends the flow. */
const must = async <T>(once: Once, name: string, work: () => Promise<Ended<T>>): Promise<T> => outcomeOf(await once(name, work))

/** Both developers side by side, each on a tree of its own, then the merge. */
async function buildOnce(once: Once, run: Run, round: number, base: string, failures: string | null) {
  const places = round === 0 ? stages : repairStages(round)
  // Both are waited for, so that nothing of the build still runs when one of them ended it.
  const [frontend, backend] = await Promise.all([
    once(places.frontend.key, () => crew.develop(run, 'frontend', places.frontend, base, failures)),
    once(places.backend.key, () => crew.develop(run, 'backend', places.backend, base, failures)),
  ])
  const commits = { frontend: outcomeOf(frontend), backend: outcomeOf(backend) }
  return must(once, places.integration.key, () => crew.integrate(run, places.integration, commits))
}

/** Develops and tests, and sends red tests back: at most three times, and not once the same failure comes back unchanged. */
async function developUntilGreen(
  once: Once,
  run: Run,
  testsCommit: string,
  keep: (verdict: Verdict) => void,
): Promise<{ commit: string; verdict: Verdict; repeated: boolean }> {
  let base = await once('seed', () => crew.seed(run))
  let last: Verdict | null = null
  for (let round = 0; ; round++) {
    const places = round === 0 ? stages : repairStages(round)
    const built = await buildOnce(once, run, round, base, last?.failures ?? null)
    if ('commit' in built) base = built.commit
    const verdict =
      'verdict' in built
        ? built.verdict
        : await must(once, places.tests.key, () => crew.verify(run, places.tests, built.commit, testsCommit))
    keep(verdict)
    const repeated = verdict.signature === last?.signature
    if (verdict.red === 0 || repeated || round === repairRounds) return { commit: base, verdict, repeated: repeated && verdict.red > 0 }
    last = verdict
  }
}

async function flow(once: Once, run: Run): Promise<void> {
  let report: string | null = null
  try {
    await must(once, stages.specification.key, () => crew.specify(run))
    await must(once, stages.architecture.key, () => crew.design(run))
    await must(once, stages.tasks.key, () => crew.split(run))
    const testsCommit = await must(once, stages.acceptance.key, () => crew.prepareTests(run))
    const { commit, verdict, repeated } = await developUntilGreen(once, run, testsCommit, (found) => {
      report = found.report ?? report
    })
    if (verdict.red === 0) {
      await must(once, stages.review.key, () => crew.review(run, commit))
      await must(once, stages.deployment.key, () => crew.release(run, commit))
      await must(once, stages.monitoring.key, () => crew.monitor(run))
    }
    await once('finish', () => crew.finishTested(run, verdict, repeated))
  } catch (error) {
    if (!(error instanceof Over)) throw error
    await once('finish', () => crew.finishEarly(run, error.status, report))
  }
}

/** The crew's run of a build: nine steps from the issue to a watched service, each run once and safe to run again. */
const crewBuild = (inngest: Inngest.Any): InngestFunction.Any =>
  inngest.createFunction(
    {
      id: 'crew-build',
      triggers: [{ event: buildEvents.requested, if: "event.data.kind == 'CREW'" }],
      idempotency: 'event.data.buildId',
      concurrency: executorSlots(),
      cancelOn: [{ event: buildEvents.abortRequested, if: 'event.data.buildId == async.data.buildId' }],
      retries: 2,
      onFailure: async ({ event }: { event: { data: { event: { data: { buildId: string } } } } }) => {
        const { data } = event.data.event
        await crew.finishBroken(projectFromEvent(data), data.buildId)
      },
    },
    async ({ event, step }) => {
      const projectId = projectFromEvent(event.data)
      const buildId = String(event.data.buildId)
      const once = ((name, work) => step.run(name, () => withoutContent(name, work))) as Once
      const budgetMicros = await once('start', () => crew.start(projectId, buildId))
      if (budgetMicros !== null) await flow(once, { projectId, buildId, budgetMicros })
    },
  )

/** However a build ended, also by an abort that cut its run off: the roles' code leaves the disk, what was handed over stays. */
const crewTidy = (inngest: Inngest.Any): InngestFunction.Any =>
  inngest.createFunction(
    { id: 'crew-tidy', triggers: [{ event: buildEvents.completed, if: "event.data.kind == 'CREW'" }], retries: 2 },
    async ({ event, step }) => {
      await step.run('tidy', () => crew.tidy(String(event.data.buildId)))
    },
  )

/** The functions of this domain, for the one list of functions. */
export const makeCrewFunctions = (inngest: Inngest.Any): InngestFunction.Any[] => [crewBuild(inngest), crewTidy(inngest)]
