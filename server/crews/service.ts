import type { z } from 'zod'
import { finishBuild, requestBuild, roomInQueue, StepFailure, stageReasons, startBuild } from '@/server/builds/service.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { type CriterionResult, statusOf } from '@/server/gate/service.ts'
import type { createProjectInput } from '@/server/projects/schema.ts'
import { createProject } from '@/server/projects/service.ts'
import { removeRepository } from '@/server/worktrees/service.ts'
import { redReason, unverifiedReason } from './rules.ts'
import { failuresSchema, reportSchema } from './schema.ts'
import { handedOver } from './software/handover.ts'
import { stages } from './software/stages.ts'
import type { Run, Verdict } from './software/types.ts'

export { develop, integrate, seed } from './software/development.ts'
export { design, specify, split } from './software/documents.ts'
export { monitor, release } from './software/release.ts'
export { review } from './software/review.ts'
export { prepareTests, verify } from './software/verification.ts'

/**
 * Makes a project of an issue and asks for its first build. Doing it again with the same `requestId` gives the same two.
 * @throws AppError as `roomInQueue`, `createProject` and `requestBuild` say
 */
export async function createFromIssue(
  actorId: ActorId,
  input: z.infer<typeof createProjectInput>,
): Promise<{ service: string; build: number }> {
  await roomInQueue(actorId, input.requestId)
  const { projectId, service } = await createProject(actorId, input)
  const cause = input.source.type === 'url' ? 'GitHub issue' : 'Issue'
  const { number } = await requestBuild(projectId, { requestId: input.requestId, kind: 'CREW', cause, createdById: actorId })
  return { service, build: number }
}

/** Takes the crew's build out of the queue with its stages planned; gives its budget in millionths of a dollar, or null where it is over. */
export async function start(projectId: ProjectId, buildId: string): Promise<number | null> {
  const build = await startBuild(projectId, buildId, Object.values(stages))
  return build?.budgetMicros ?? null
}

/** What the last test run found about each criterion; nothing where there was none. */
async function criteriaOf(run: Run, report: string | null): Promise<CriterionResult[]> {
  return report ? (await handedOver(run, report, reportSchema)).criteria : []
}

/** Ends a build whose tests ran: green, not wholly verified, or red; red also where what they found cannot be opened any more. */
export async function finishTested(run: Run, verdict: Verdict, repeated: boolean): Promise<void> {
  try {
    await finishJudged(run, verdict, repeated)
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    await finishBuild(run.projectId, run.buildId, { status: 'FAILURE', reason: error.message })
    await removeRepository(run.buildId)
  }
}

async function finishJudged(run: Run, verdict: Verdict, repeated: boolean): Promise<void> {
  const criteria = await criteriaOf(run, verdict.report)
  const status = verdict.red > 0 ? 'FAILURE' : statusOf(criteria)
  const failures = verdict.red > 0 && verdict.failures ? await handedOver(run, verdict.failures, failuresSchema) : []
  const reasons = { FAILURE: redReason(failures, repeated), UNSTABLE: unverifiedReason(criteria), SUCCESS: undefined }
  await finishBuild(run.projectId, run.buildId, { status, reason: reasons[status], verdict: { criteria } })
  await removeRepository(run.buildId)
}

/** Ends a build that one of its stages ended, with that stage's reason. `report` names the last test report, if there is one. */
export async function finishEarly(run: Run, status: 'FAILURE' | 'ABORTED', report: string | null): Promise<void> {
  const reason = (await stageReasons(run.projectId, run.buildId)).at(-1)
  const criteria = await criteriaOf(run, report).catch((error) => {
    if (error instanceof StepFailure) return []
    throw error
  })
  await finishBuild(run.projectId, run.buildId, { status, reason, verdict: { criteria } })
  await removeRepository(run.buildId)
}

/** Removes all that a build left in the crew's hands. */
export const tidy = (buildId: string): Promise<void> => removeRepository(buildId)

/** Ends a build whose run broke: a fault of ours, also after several tries. */
export async function finishBroken(projectId: ProjectId, buildId: string): Promise<void> {
  await finishBuild(projectId, buildId, { status: 'FAILURE', reason: 'The build broke, also after several tries. It was recorded.' })
  await removeRepository(buildId)
}
