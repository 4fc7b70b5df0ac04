import { randomUUID } from 'node:crypto'
import { db, pool } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import {
  abortStateSql,
  beginStepSql,
  buildsByDaySql,
  buildsOfJobsSql,
  endStageSql,
  endStepSql,
  findBuildSql,
  insertBuildSql,
  insertStagesSql,
  jobsSql,
  markEndedSql,
  openStageSql,
  queueSql,
  stageReasonsSql,
  stagesSql,
  startBuildSql,
} from './queries/sql.ts'
import {
  type BegunStep,
  type BuildRow,
  type Ending,
  type ExecutorName,
  type JobBuildRow,
  type JobRow,
  type NewBuild,
  type NewStage,
  type StageReasonRow,
  type StageRow,
  stepColumns,
  summaryColumns,
} from './queries/types.ts'
import type { BuildStatus } from './schema.ts'

export type { ExecutorName, Kind, NewStage } from './queries/types.ts'

/** PostgreSQL's timestamps here carry no zone; text in UTC is read the same whatever zone this process lives in. */
const sqlTime = (at: Date) => at.toISOString()
const open = ['QUEUED', 'RUNNING'] as const

/** A build that an earlier request with this id made in this project. */
export async function findByRequest(projectId: ProjectId, requestId: string): Promise<{ buildId: string; number: number } | null> {
  const row = await db().build.findFirst({ where: { projectId, requestId }, select: { id: true, number: true } })
  return row && { buildId: row.id, number: row.number }
}

/** What kind a project's first build was. */
export async function findFirstKind(projectId: ProjectId): Promise<string | null> {
  const row = await db().build.findFirst({ where: { projectId }, orderBy: { number: 'asc' }, select: { kind: true } })
  return row?.kind ?? null
}

/** Takes the project's next number and inserts, both or neither. Null where this request id was used meanwhile. */
export async function insertBuild(projectId: ProjectId, build: NewBuild): Promise<{ buildId: string; number: number } | null> {
  const { requestId, kind, cause, definitionSealed, createdById, budgetMicros, demoModel, streamId } = build
  try {
    const { rows } = await pool().query<{ buildId: string; number: number }>(insertBuildSql, [
      projectId,
      build.id,
      kind,
      cause,
      requestId,
      definitionSealed,
      budgetMicros,
      streamId,
      demoModel,
      createdById ?? null,
    ])
    return rows[0] ?? null
  } catch (error) {
    if ((error as { code?: string }).code === '23505') return null
    throw error
  }
}

export async function findBuild(projectId: ProjectId, buildId: string): Promise<BuildRow | null> {
  const { rows } = await pool().query<BuildRow>({ name: 'builds-find', text: findBuildSql, values: [projectId, buildId] })
  return rows[0] ?? null
}

export function findBuildId(projectId: ProjectId, number: number) {
  return db().build.findFirst({ where: { projectId, number }, select: { id: true, status: true, streamId: true, abortRequested: true } })
}

const stagesText = (stages: readonly NewStage[]) =>
  JSON.stringify(stages.map((stage) => ({ ...stage, branch: stage.branch ?? null, id: randomUUID() })))

/** From QUEUED to RUNNING, with the stages that are known; false where it runs, was aborted or is over. */
export async function markStarted(
  projectId: ProjectId,
  buildId: string,
  start: { executor: ExecutorName; demoModel: boolean; at: Date; stages: readonly NewStage[] },
): Promise<boolean> {
  const values = [projectId, buildId, stagesText(start.stages), sqlTime(start.at), start.executor, start.demoModel]
  const { rows } = await pool().query({ name: 'builds-start', text: startBuildSql, values })
  return rows.length > 0
}

/** Adds stages to a build that goes on, as waiting ones; those that are there stay as they are. */
export async function insertStages(projectId: ProjectId, buildId: string, stages: readonly NewStage[]): Promise<void> {
  await pool().query(insertStagesSql, [projectId, buildId, stagesText(stages)])
}

/** Marks a stage running; the build's number, or null where that is over or is being aborted. */
export async function markStageRunning(projectId: ProjectId, buildId: string, key: string, at: Date): Promise<number | null> {
  const { rows } = await pool().query<{ number: number }>(openStageSql, [projectId, buildId, key, sqlTime(at)])
  return rows[0]?.number ?? null
}

/** Gives a stage its end, once; the build's number, or null where the stage had ended or the build is over. */
export async function markStageEnded(
  projectId: ProjectId,
  buildId: string,
  key: string,
  end: { status: BuildStatus; reasonSealed: Buffer | null; at: Date },
): Promise<number | null> {
  const values = [projectId, buildId, key, end.status, end.reasonSealed, sqlTime(end.at)]
  const { rows } = await pool().query<{ number: number }>({ name: 'builds-end-stage', text: endStageSql, values })
  return rows[0]?.number ?? null
}

/**
 * Begins a step, or begins it again, and with it its stage: one round trip. Null where the build is over, is being aborted, or
 * has no such stage.
 */
export async function beginStep(
  projectId: ProjectId,
  buildId: string,
  step: { stageKey: string; key: string; name: string; at: Date },
): Promise<BegunStep | null> {
  const { rows } = await pool().query<BegunStep>({
    name: 'builds-begin-step',
    text: beginStepSql,
    values: [projectId, buildId, step.stageKey, randomUUID(), step.key, step.name, sqlTime(step.at)],
  })
  return rows[0] ?? null
}

/** Ends a step's attempt; a later attempt or an abort that came first keeps its word. */
export async function endStep(
  projectId: ProjectId,
  step: { id: string; attempt: number },
  end: { status: BuildStatus; exitCode: number | null; reasonSealed: Buffer | null; at: Date },
): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: 'builds-end-step',
    text: endStepSql,
    values: [projectId, step.id, step.attempt, end.status, end.exitCode, end.reasonSealed, sqlTime(end.at)],
  })
  return (rowCount ?? 0) > 0
}

/** A build's stages in order. */
export async function stagesOf(projectId: ProjectId, buildId: string): Promise<StageRow[]> {
  const { rows } = await pool().query<StageRow>({ name: 'builds-stages', text: stagesSql, values: [projectId, buildId] })
  return rows
}

/** Why stages of a build ended as they did, those of which it is known, in order. */
export async function stageReasonsOf(projectId: ProjectId, buildId: string): Promise<StageReasonRow[]> {
  return (await pool().query<StageReasonRow>(stageReasonsSql, [projectId, buildId])).rows
}

/** Ends a build with all that is open in it, once: false where it had ended before. */
export async function markEnded(projectId: ProjectId, buildId: string, end: Ending): Promise<boolean> {
  const { rows } = await pool().query(markEndedSql, [
    projectId,
    buildId,
    end.status,
    end.reasonSealed,
    end.verdictSealed,
    sqlTime(end.at),
    JSON.stringify(end.stages),
    end.cutOff,
  ])
  return rows.length > 0
}

/** Records who wants a build to end; false where somebody did before, or it is over. */
export async function markAbortRequested(projectId: ProjectId, buildId: string, actorId: string | null, at: Date): Promise<boolean> {
  const { count } = await db().build.updateMany({
    where: { projectId, id: buildId, status: { in: [...open] }, abortRequested: null },
    data: { abortRequested: at, abortedById: actorId },
  })
  return count > 0
}

/** Whether a build goes on, and whether somebody asked to end it. */
export async function abortState(projectId: ProjectId, buildId: string): Promise<{ over: boolean; requested: boolean; running: number }> {
  const { rows } = await pool().query<{ over: boolean; requested: boolean; running: number }>({
    name: 'builds-abort-state',
    text: abortStateSql,
    values: [projectId, buildId],
  })
  return rows[0] ?? { over: true, requested: true, running: 0 }
}

export function openBuilds(projectId: ProjectId) {
  return db().build.findMany({
    where: { projectId, status: { in: [...open] } },
    select: { id: true, number: true, kind: true, status: true, abortRequested: true },
  })
}

/** How many builds that a person asked for are in the queue or at work, in whatever project; that of `requestId` is left out. */
export const countOpenBuildsOf = (actorId: ActorId, requestId: string) =>
  db().build.count({ where: { createdById: actorId, status: { in: [...open] }, requestId: { not: requestId } } })

/** A build with all its page shows of it. */
export function findBuildPage(projectId: ProjectId, number: number) {
  return db().build.findFirst({
    where: { projectId, number },
    omit: { definition: true, definitionSealed: true },
    include: {
      project: { select: { slug: true } },
      stages: {
        orderBy: [{ position: 'asc' }, { key: 'asc' }],
        include: { steps: { orderBy: [{ startedAt: 'asc' }, { key: 'asc' }], select: stepColumns } },
      },
    },
  })
}

/** Names of the people who started or aborted something of this project. */
export async function namesOf(ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = ids.filter((id) => id !== null)
  if (wanted.length === 0) return new Map()
  const rows = await db().user.findMany({ where: { id: { in: wanted } }, select: { id: true, displayName: true, name: true, email: true } })
  return new Map(rows.map((row) => [row.id, row.displayName ?? row.name ?? row.email]))
}

/** Builds below a number, newest first. */
export function findSummaries(
  projectId: ProjectId,
  { before, status, take }: { before?: number | undefined; status?: BuildStatus | undefined; take: number },
) {
  return db().build.findMany({
    where: { projectId, ...(before === undefined ? {} : { number: { lt: before } }), ...(status ? { status } : {}) },
    orderBy: { number: 'desc' },
    take,
    select: summaryColumns,
  })
}

/** One row a project, each found by its index however many builds there are; and the builds they name. */
export async function findJobs(projectIds: readonly ProjectId[], { words, take }: { words: readonly string[]; take: number }) {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows } = await pool().query<JobRow>({ name: 'builds-jobs', text: jobsSql, values: [projectIds, patterns, take] })
  const ids = rows.flatMap((row) => [row.last, row.lastSuccess, row.lastFailure]).filter((id) => id !== null)
  const named = { name: 'builds-of-jobs', text: buildsOfJobsSql, values: [projectIds, ids] }
  const builds = ids.length > 0 ? (await pool().query<JobBuildRow>(named)).rows : []
  return { rows, builds: new Map(builds.map((build) => [build.id, build])) }
}

/** Builds since a time by day (UTC) and status, of every project: for figures of the platform. */
export async function buildsByDay(since: Date): Promise<{ day: string; status: BuildStatus; count: number }[]> {
  return (await pool().query(buildsByDaySql, [sqlTime(since)])).rows
}

/** The queue of the platform. */
export async function queueState(): Promise<{ queued: number; running: number; oldestQueuedAt: string | null }> {
  return (await pool().query(queueSql)).rows[0]
}
