import { randomUUID } from 'node:crypto'
import { isDemoModel } from '@/server/ai/service.ts'
import { env } from '@/server/core/env.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { closeStream, createStream, deleteStreamsOf } from '@/server/streams/service.ts'
import { sealJson, sealWords } from '@/server/vault/service.ts'
import { announce, changed } from './course/news.ts'
import type { Named } from './course/types.ts'
import * as data from './data.ts'
import { buildExecutors, chooseExecutor } from './executors/choose.ts'
import type { BuildRow } from './queries/types.ts'
import { buildContext, settledChild, settleStatus, stageContext } from './rules.ts'
import { type BuildStatus, buildEvents, type Definition, definitionSchema } from './schema.ts'
import { settleConsole } from './steps/console.ts'
import { openDefinition, openReason } from './views/words.ts'

export { abortBuild } from './course/abort.ts'
export { sweepBuilds } from './course/sweep.ts'
export { buildExecutors, chooseExecutor } from './executors/choose.ts'
export type { RunResult } from './executors/types.ts'
export { removeFoldersOf } from './executors/workspaces.ts'
export { buildContext, stageContext, stepContext } from './rules.ts'
export { runStep } from './steps/run.ts'
export { BuildEnded, type StepCommand, type StepContext, StepFailure } from './steps/types.ts'
export { roomInQueue } from './views/room.ts'
export { buildConsole, buildFigures, buildView, jobs, listBuilds } from './views/views.ts'
export { withReasons } from './views/words.ts'

const now = () => new Date(registry('clock').now())

/** How many steps of builds run at once: all functions that run builds share these places. */
export const executorSlots = () => ({ limit: env().MAESTRO_EXECUTORS, key: '"executors"', scope: 'env' as const })

export interface BuildRequest {
  /** Makes a repeated request one build. */
  requestId: string
  kind: data.Kind
  /** Why it is built, for people: `Issue`, `Started by …`. */
  cause: string
  definition?: Definition
  createdById?: string
  /** Millionths of a US dollar; the environment's default where it is not given. */
  budgetMicros?: number
  /** Done before anybody hears of the build, and done again where the request comes again: hands over what the build works on. */
  prepare?: (build: Named) => Promise<void>
}

/** Whether the demo model alone writes what such a build runs, as this server stands. */
const writtenByDemo = (kind: data.Kind) => kind === 'CREW' && isDemoModel()

async function insert(projectId: ProjectId, request: BuildRequest): Promise<Named | null> {
  const { requestId, kind, cause, definition, createdById } = request
  const id = randomUUID()
  const [streamId, definitionSealed] = await Promise.all([
    createStream(projectId, 'build'),
    sealJson(projectId, buildContext(id, 'definition'), definition && definitionSchema.parse(definition)),
  ])
  const row = await data.insertBuild(projectId, {
    id,
    requestId,
    kind,
    cause,
    streamId,
    createdById,
    definitionSealed,
    budgetMicros: BigInt(Math.round(request.budgetMicros ?? env().MAESTRO_BUILD_BUDGET_USD * 1e6)),
    demoModel: writtenByDemo(kind),
  })
  if (!row) await deleteStreamsOf(projectId, [streamId])
  return row
}

/**
 * Puts a build in the queue. Doing it again with the same `requestId` gives the same build.
 * @throws AppError CONFLICT where the request id belongs to another project's build
 */
export async function requestBuild(projectId: ProjectId, request: BuildRequest): Promise<Named> {
  const earlier = () => data.findByRequest(projectId, request.requestId)
  const build = (await earlier()) ?? (await insert(projectId, request)) ?? (await earlier())
  if (!build) throw new AppError('CONFLICT', 'This request was used for another project.', 'requestId')
  await request.prepare?.(build)
  changed(projectId, build.number)
  await announce(projectId, buildEvents.requested, build, { kind: request.kind })
  return build
}

/** How a project is built once more: of its files, where it was made of some, else by the crew. */
export const kindOfNext = async (projectId: ProjectId): Promise<data.Kind> =>
  (await data.findFirstKind(projectId)) === 'FILES' ? 'FILES' : 'CREW'

/** What a function that runs a build needs to know of it. */
export interface StartedBuild extends Named {
  definition: Definition | null
  streamId: string
  demoModel: boolean
  budgetMicros: number
  createdById: string | null
  executor: data.ExecutorName
}

/** Chooses where a build's commands run; null where none may, and then the build is over with the reason. */
async function chooseFor(projectId: ProjectId, build: BuildRow, definition: Definition | null): Promise<data.ExecutorName | null> {
  try {
    const demoModel = writtenByDemo(build.kind)
    const conditions = { wanted: definition?.executor, demoModel, unsafeAllowed: env().MAESTRO_UNSAFE_EXECUTOR }
    return (await chooseExecutor(buildExecutors(), conditions)).name
  } catch (error) {
    if (!isAppError(error)) throw error
    await finishBuild(projectId, build.id, { status: 'FAILURE', reason: error.message })
    return null
  }
}

/**
 * Takes a build out of the queue, with the executor that its commands will run on and the stages that are known by then; again
 * and again gives the same answer. Null where it is over: aborted in the queue, or ended here because no executor may run it or no
 * key opens its definition (the reason stands in the build).
 */
export async function startBuild(
  projectId: ProjectId,
  buildId: string,
  plan: readonly data.NewStage[] | ((definition: Definition | null) => readonly data.NewStage[]) = [],
): Promise<StartedBuild | null> {
  const build = await data.findBuild(projectId, buildId)
  if (!build || build.abortRequested || !['QUEUED', 'RUNNING'].includes(build.status)) return null
  const { definition, unreadable } = await openDefinition(projectId, build)
  if (unreadable) {
    await finishBuild(projectId, buildId, { status: 'FAILURE', reason: 'What this build was to do cannot be opened any more.' })
    return null
  }
  const stages = typeof plan === 'function' ? plan(definition) : plan
  let { executor, demoModel } = build
  if (build.status === 'QUEUED') {
    // The model may be another one than when the build was asked for.
    demoModel = writtenByDemo(build.kind)
    executor = await chooseFor(projectId, build, definition)
    if (!executor) return null
    const start = { executor, demoModel, at: now(), stages }
    if (!(await data.markStarted(projectId, buildId, start))) return startBuild(projectId, buildId, plan)
    await announce(projectId, buildEvents.started, { buildId, number: build.number })
  } else if (stages.length > 0) await data.insertStages(projectId, buildId, stages)
  changed(projectId, build.number)
  const { number, streamId, createdById, budgetMicros } = build
  return { buildId, number, definition, streamId, demoModel, createdById, budgetMicros, executor: executor ?? 'sandbox' }
}

/**
 * What a plain build is to do.
 * @throws AppError NOT_FOUND where the build has no definition, or none that a key opens
 */
export async function definitionOf(projectId: ProjectId, buildId: string): Promise<Definition> {
  const build = await data.findBuild(projectId, buildId)
  const opened = build && (await openDefinition(projectId, build))
  if (!opened?.definition) throw new AppError('NOT_FOUND', 'There is no such build.')
  return opened.definition
}

/** Adds waiting stages, so that the graph shows what is to come; those that are there stay as they are. */
export async function planStages(projectId: ProjectId, build: Named, stages: readonly data.NewStage[]): Promise<void> {
  await data.insertStages(projectId, build.buildId, stages)
  changed(projectId, build.number)
}

/** Marks a stage running, and makes it where it was not planned; one that has ended is open again. False where the build is over. */
export async function openStage(projectId: ProjectId, buildId: string, stage: data.NewStage): Promise<boolean> {
  await data.insertStages(projectId, buildId, [stage])
  const opened = await data.markStageRunning(projectId, buildId, stage.key, now())
  if (opened !== null) changed(projectId, opened)
  return opened !== null
}

/**
 * Ends a stage with the status its steps add up to. A stage that was done in rounds may be red in the middle and green at its
 * end: then `status` says what counts.
 */
export async function closeStage(
  projectId: ProjectId,
  buildId: string,
  key: string,
  reason?: string,
  status?: BuildStatus,
): Promise<BuildStatus> {
  const steps = status ? [] : ((await data.stagesOf(projectId, buildId)).find((stage) => stage.key === key)?.steps ?? [])
  const merged = status ?? settleStatus(steps)
  const reasonSealed = await sealWords(projectId, stageContext(buildId, key), reason)
  const number = await data.markStageEnded(projectId, buildId, key, { status: merged, reasonSealed, at: now() })
  if (number !== null) changed(projectId, number)
  return merged
}

/** Why stages of a build did not end well, in the order of the graph. */
export async function stageReasons(projectId: ProjectId, buildId: string): Promise<string[]> {
  const rows = await data.stageReasonsOf(projectId, buildId)
  const told = await Promise.all(rows.map((row) => openReason(projectId, stageContext(buildId, row.key), row)))
  return told.flatMap(({ reason }) => reason ?? [])
}

/** How a build is to end. Without a status it is what its stages add up to. */
export interface BuildEnd {
  status?: BuildStatus
  reason?: string
  verdict?: unknown
}

/** Ends a build, once: null where it was over before, else its status. Its console is closed and its folder removed. */
export async function finishBuild(
  projectId: ProjectId,
  buildId: string,
  { status, reason, verdict }: BuildEnd,
): Promise<BuildStatus | null> {
  const [build, stages] = await Promise.all([data.findBuild(projectId, buildId), data.stagesOf(projectId, buildId)])
  if (!build) return null
  const final = build.abortRequested ? 'ABORTED' : (status ?? settleStatus(stages.map((stage) => stage.status)))
  const cutOff = final === 'FAILURE' ? 'FAILURE' : 'ABORTED'
  const settle = (steps: readonly BuildStatus[]) => (steps.includes('RUNNING') ? cutOff : settleStatus(steps.map(settledChild)))
  // A running stage whose steps are all green was cut off between two of them.
  const stageEnd = (own: BuildStatus, steps: BuildStatus[]) =>
    own === 'QUEUED' ? 'NOT_BUILT' : ['SUCCESS', 'NOT_BUILT'].includes(settle(steps)) ? cutOff : settle(steps)
  const open = stages.filter((stage) => ['QUEUED', 'RUNNING'].includes(stage.status))
  const ends = open.map(({ key, status: own, steps }) => [key, stageEnd(own, steps)] as const)
  const words = reason ?? (build.abortRequested ? 'Aborted by a person.' : null)
  const [reasonSealed, verdictSealed] = await Promise.all([
    sealWords(projectId, buildContext(buildId, 'reason'), words),
    sealJson(projectId, buildContext(buildId, 'verdict'), verdict),
    settleConsole(build.streamId),
  ])
  const ended = await data.markEnded(projectId, buildId, {
    status: final,
    reasonSealed,
    verdictSealed,
    at: now(),
    stages: Object.fromEntries(ends),
    cutOff,
  })
  // All that follows may be done again: a server that was killed in the middle of it comes by here once more.
  const said = ended ? final : ((await data.findBuild(projectId, buildId))?.status ?? final)
  await closeStream(projectId, build.streamId)
  changed(projectId, build.number)
  await announce(projectId, buildEvents.completed, { buildId, number: build.number }, { status: said, kind: build.kind })
  if (build.executor) removeFolder(buildId)
  return ended ? final : null
}

/** In the background: nobody waits for a folder to go, and the sweep at start takes what was left. */
function removeFolder(buildId: string): void {
  void buildExecutors()
    .sandbox.cleanUp(buildId)
    .catch((err) => logger.warn({ err, buildId }, 'the folder of a build could not be removed'))
}
