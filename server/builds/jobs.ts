import type { Inngest, InngestFunction } from 'inngest'
import { z } from 'zod'
import { type ProjectId, projectFromEvent } from '@/server/core/gates.ts'
import { withoutContent } from '@/server/core/inngest.ts'
import { byPosition, type PlannedStage, planStages } from './rules.ts'
import { type BuildStatus, buildEvents, type Definition } from './schema.ts'
import { BuildEnded, closeStage, definitionOf, executorSlots, finishBuild, runStep, StepFailure, startBuild } from './service.ts'

const requested = z.object({ buildId: z.string() })
/** What `onFailure` is told: the event whose function broke. */
const broken = z.object({ event: z.object({ data: z.object({ projectId: z.string(), buildId: z.string() }) }) })

interface Run {
  projectId: ProjectId
  buildId: string
  env: Record<string, string>
}

type StepRunner = <T>(id: string, body: () => Promise<T>) => Promise<T>

/** One command as one durable step; its stage ends with its last command or with the first that is not green. */
async function runCommand({ projectId, buildId, env }: Run, stage: PlannedStage, at: number): Promise<BuildStatus> {
  const command = stage.steps[at]
  if (!command) return 'NOT_BUILT'
  const status = await runStep(
    projectId,
    buildId,
    { stageKey: stage.key, key: String(at + 1), name: command.name, announce: false },
    async (step) => {
      const { run, timeoutMs, network } = command
      await step.runOrFail({ command: run, env: { ...env, ...command.env }, timeoutMs, network })
      return 'SUCCESS' as const
    },
  ).catch((error: unknown) => {
    if (error instanceof StepFailure) return 'FAILURE' as const
    if (error instanceof BuildEnded) return 'ABORTED' as const
    throw error
  })
  if (status === 'FAILURE' || (status === 'SUCCESS' && at === stage.steps.length - 1)) await closeStage(projectId, buildId, stage.key)
  return status
}

async function runStage(run: Run, stage: PlannedStage, step: StepRunner): Promise<BuildStatus> {
  for (const at of stage.steps.keys()) {
    const status = await step(`${stage.key} ${at + 1}`, () => runCommand(run, stage, at))
    if (status !== 'SUCCESS') return status
  }
  return 'SUCCESS'
}

/** Stages in order, branches side by side; after the first red stage nothing more is built. */
async function runStages(run: Run, definition: Definition, step: StepRunner): Promise<void> {
  for (const group of byPosition(planStages(definition))) {
    const ends = await Promise.all(group.map((stage) => runStage(run, stage, step)))
    if (ends.some((status) => status !== 'SUCCESS')) return
  }
}

/** Runs plain definitions from their start to their end. */
async function runDefinition(projectId: ProjectId, buildId: string, step: StepRunner): Promise<void> {
  // No step of its own: it is safe to repeat, and one answer less has to reach the disk before the first command runs.
  const started = await startBuild(projectId, buildId, (given) => planStages(given ?? { env: {}, stages: [] }))
  if (started) {
    const definition = started.definition ?? (await definitionOf(projectId, buildId))
    await runStages({ projectId, buildId, env: definition.env }, definition, step)
  }
  // Also where it was over: an end that was cut short is carried through.
  await step('finish', async () => {
    await finishBuild(projectId, buildId, {})
  })
}

/** The functions of this domain, for the one list of functions. */
export function makeBuildFunctions(client: Inngest.Any): InngestFunction.Any[] {
  const runBuild = client.createFunction(
    {
      id: 'run-build',
      triggers: [{ event: buildEvents.requested, if: "event.data.kind == 'PIPELINE'" }],
      concurrency: executorSlots(),
      cancelOn: [{ event: buildEvents.abortRequested, if: 'event.data.buildId == async.data.buildId' }],
      // A red command is an answer, not an error; what is tried again is our own trouble, as a database that restarts.
      retries: 2,
      onFailure: async ({ event }) => {
        const { data } = broken.parse(event.data).event
        await finishBuild(projectFromEvent(data), data.buildId, { status: 'FAILURE', reason: 'The build broke. It was recorded.' })
      },
    },
    async ({ event, step }) => {
      const { buildId } = requested.parse(event.data)
      // Inngest gives back what a step returned as it came out of JSON; ours return words and booleans.
      const once = ((id, body) => step.run(id, () => withoutContent(id, body))) as StepRunner
      await runDefinition(projectFromEvent(event.data), buildId, once)
    },
  )
  return [runBuild]
}
