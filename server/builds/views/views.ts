import { z } from 'zod'
import { usageOf } from '@/server/ai/service.ts'
import { listArtifacts } from '@/server/artifacts/service.ts'
import { env, serviceUrl } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, type ProjectId, projectsForActor, type ReaderRole } from '@/server/core/gates.ts'
import { rawStream } from '@/server/streams/service.ts'
import { openJson } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { buildContext, isFinal, publicCause, stageContext, stepContext, weather } from '../rules.ts'
import {
  type BuildStatus,
  type BuildSummary,
  type BuildView,
  criterionResultSchema,
  type Job,
  jobsLimit,
  type StageView,
} from '../schema.ts'
import { jobBuildOf, summaryOf } from './types.ts'
import { openReason, withReasons } from './words.ts'

const verdictSchema = z.object({ criteria: z.array(criterionResultSchema).default([]) }).catch({ criteria: [] })
const text = (time: Date | null) => time?.toISOString() ?? null

type PageRow = NonNullable<Awaited<ReturnType<typeof data.findBuildPage>>>

async function stageView(projectId: ProjectId, stage: PageRow['stages'][number]): Promise<StageView> {
  const { buildId, key, name, position, branch, status, startedAt, endedAt } = stage
  const told = await openReason(projectId, stageContext(buildId, key), stage)
  const steps = stage.steps.map(async ({ id, reasonSealed, ...step }) => ({
    ...step,
    ...(await openReason(projectId, stepContext(id), { reason: step.reason, reasonSealed })),
    startedAt: text(step.startedAt),
    endedAt: text(step.endedAt),
  }))
  const times = { startedAt: text(startedAt), endedAt: text(endedAt) }
  return { key, name, position, branch, status, ...told, ...times, steps: await Promise.all(steps) }
}

/** What was found out about each criterion. */
async function criteriaOf(projectId: ProjectId, { id, verdict, verdictSealed }: PageRow) {
  const { value, unreadable } = await openJson(projectId, buildContext(id, 'verdict'), { sealed: verdictSealed, plain: verdict })
  return { criteria: value === null ? [] : verdictSchema.parse(value).criteria, criteriaUnreadable: unreadable }
}

/** What of a build names its people, as everybody may read it where the build pages are public. */
const withoutPeople = (build: { cause: string }) => ({ cause: publicCause(build.cause), startedBy: null, abortedBy: null })

/**
 * A build's page. `role` is that of whoever looks.
 * @throws AppError NOT_FOUND
 */
export async function buildView(projectId: ProjectId, number: number, role: ReaderRole = 'VIEWER'): Promise<BuildView> {
  const build = await data.findBuildPage(projectId, number)
  if (!build) throw new AppError('NOT_FOUND', 'There is no such build.', 'number')
  const [artifacts, roles, names, reason, stages, criteria] = await Promise.all([
    listArtifacts(projectId, build.id),
    usageOf(projectId, build.id),
    data.namesOf([build.createdById, build.abortedById]),
    openReason(projectId, buildContext(build.id, 'reason'), build),
    Promise.all(build.stages.map((stage) => stageView(projectId, stage))),
    criteriaOf(projectId, build),
  ])
  return {
    ...summaryOf({ ...build, ...reason }),
    service: build.project.slug,
    streamId: build.streamId,
    stages,
    artifacts,
    ...criteria,
    roles,
    budgetMicros: Number(build.budgetMicros),
    spentMicros: roles.reduce((sum, one) => sum + one.costMicros, 0),
    startedBy: names.get(build.createdById ?? '') ?? null,
    abortedBy: names.get(build.abortedById ?? '') ?? null,
    ...(role === 'PUBLIC' ? withoutPeople(build) : {}),
    canAbort: (role === 'OWNER' || role === 'MAINTAINER') && !isFinal(build.status) && build.abortRequested === null,
  }
}

/**
 * A build's console as it was printed, or that of one stage, for downloads.
 * @throws AppError NOT_FOUND
 */
export async function buildConsole(projectId: ProjectId, number: number, stageKey?: string): Promise<AsyncIterable<Buffer>> {
  const build = await data.findBuildId(projectId, number)
  if (!build) throw new AppError('NOT_FOUND', 'There is no such build.', 'number')
  return rawStream(projectId, build.streamId, stageKey)
}

/** Builds of a project, newest first; `next` is the `before` of the next page. */
export async function listBuilds(
  projectId: ProjectId,
  { limit, ...page }: { before?: number | undefined; status?: BuildStatus | undefined; limit: number },
  role: ReaderRole = 'VIEWER',
): Promise<{ builds: BuildSummary[]; next: number | null }> {
  const rows = await data.findSummaries(projectId, { ...page, take: limit + 1 })
  const shown = await withReasons(projectId, rows.slice(0, limit))
  const builds = shown.map((row) => ({ ...summaryOf(row), ...(role === 'PUBLIC' ? { cause: publicCause(row.cause) } : {}) }))
  return { builds, next: rows.length > limit ? (builds.at(-1)?.number ?? null) : null }
}

/**
 * The job list of one person: the projects that person is a member of, the newest first, `jobsLimit` at most. Those beyond are found by
 * words of their name or title.
 */
export async function jobs(actorId: ActorId, search = ''): Promise<Job[]> {
  const projects = await projectsForActor(actorId)
  const words = search.split(/\s+/).filter(Boolean)
  const ids = projects.map((project) => project.projectId)
  const { rows, builds } = await data.findJobs(ids, { words, take: jobsLimit })
  const summary = (id: string | null) => {
    const row = id === null ? undefined : builds.get(id)
    return row ? jobBuildOf(row) : null
  }
  return rows.map((row) => ({
    service: row.slug,
    title: row.title,
    url: serviceUrl(row.slug),
    serviceState: row.state,
    last: summary(row.last),
    lastSuccess: summary(row.lastSuccess),
    lastFailure: summary(row.lastFailure),
    weather: weather(row.finished),
  }))
}

/** What the platform's builds have come to since a time, by day (UTC) and status, and how its queue stands. */
export async function buildFigures(since: Date) {
  const [days, queue] = await Promise.all([data.buildsByDay(since), data.queueState()])
  return { days, queue: { ...queue, places: env().MAESTRO_EXECUTORS } }
}
