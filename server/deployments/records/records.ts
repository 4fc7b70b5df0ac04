import { randomUUID } from 'node:crypto'
import { askedRealModel } from '@/server/ai/service.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { openJson, openText, sealJson, sealWords } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { chooseLauncher } from '../launchers/choice.ts'
import type { Version } from '../rollout/types.ts'
import { deploymentContext, serviceContext } from '../rules.ts'
import { monitoringSchema, type RunDescription, runDescriptionSchema, type ServiceView } from '../schema.ts'
import type { Current, StoredRun } from './types.ts'

const now = () => new Date(registry('clock').now())

/** Why a version whose run description cannot be opened is not started. */
export const unreadableRun = 'The run description of this version cannot be opened any more, so it cannot be started. Deploy a new version.'

/** Hints that a project's service has changed. */
export const publish = (projectId: ProjectId) => registry('hub').publish(projectTopic(projectId), { kind: 'service' })

/** Stores a new deployment; how it is run and watched is sealed. */
export async function newDeployment(
  projectId: ProjectId,
  { buildId, run, monitoring }: { buildId: string; run: RunDescription; monitoring: ServiceView['monitoring'] },
): Promise<data.DeploymentRow> {
  const id = randomUUID()
  const [runSealed, monitoringSealed] = await Promise.all([
    sealJson(projectId, deploymentContext(id, 'run'), run),
    sealJson(projectId, deploymentContext(id, 'monitoring'), monitoring),
  ])
  return data.insertDeployment(projectId, { id, buildId, runSealed, monitoringSealed, at: now() })
}

/** Gives a deployment that has not ended its failure; returns whether this call did. */
export async function settleFailed(projectId: ProjectId, id: string, reason: string): Promise<boolean> {
  const reasonSealed = await sealWords(projectId, deploymentContext(id, 'reason'), reason)
  return data.settleDeployment(projectId, id, { status: 'FAILED', reasonSealed, healthyAt: null })
}

/** Why a deployment ended as it did. */
export const deploymentReason = (projectId: ProjectId, { id, reason, reasonSealed }: data.DeploymentRow) =>
  openText(projectId, deploymentContext(id, 'reason'), { sealed: reasonSealed, plain: reason })

/** Why a service is as it is. */
export const serviceReason = (projectId: ProjectId, { reason, reasonSealed }: data.ServiceRow) =>
  openText(projectId, serviceContext(projectId), { sealed: reasonSealed, plain: reason })

type StateChange = Omit<Parameters<typeof data.saveService>[1], 'at' | 'reasonSealed'> & { reason: string | null }

/** Writes a service's state, and hints at it where that is another one. */
export async function setState(projectId: ProjectId, { reason, ...change }: StateChange): Promise<void> {
  const reasonSealed = await sealWords(projectId, serviceContext(projectId), reason)
  if (await data.saveService(projectId, { ...change, reasonSealed, at: now() })) publish(projectId)
}

type Found = Omit<Parameters<typeof data.saveProbe>[1], 'reasonSealed' | 'checkedAt'> & { reason: string | null }

/** Writes what a probe found, and hints at it where it changes the state. */
export async function setFound(projectId: ProjectId, { reason, ...found }: Found): Promise<void> {
  const reasonSealed = await sealWords(projectId, serviceContext(projectId), reason)
  if (await data.saveProbe(projectId, { ...found, reasonSealed, checkedAt: now() })) publish(projectId)
}

/** How a version is run; null where no key opens it. */
export async function storedRun(projectId: ProjectId, { id, run, runSealed }: StoredRun): Promise<RunDescription | null> {
  const { value, unreadable } = await openJson(projectId, deploymentContext(id, 'run'), { sealed: runSealed, plain: run })
  return unreadable ? null : runDescriptionSchema.parse(value)
}

/** How a version is watched. */
export async function storedMonitoring(projectId: ProjectId, { id, monitoring, monitoringSealed }: data.DeploymentRow) {
  const stored = { sealed: monitoringSealed, plain: monitoring }
  const { value, unreadable } = await openJson(projectId, deploymentContext(id, 'monitoring'), stored)
  return { monitoring: monitoringSchema.nullable().catch(null).parse(value), unreadable }
}

/** Whether nobody but the demo model had a word in a build's code. Which model is at work today says nothing about it. */
export const isOurs = async (projectId: ProjectId, buildId: string) =>
  (await data.isDemoBuild(projectId, buildId)) && !(await askedRealModel(projectId, buildId))

/** A version that is ready to be started. */
export async function versionOf(projectId: ProjectId, slug: string, row: StoredRun, run: RunDescription): Promise<Version> {
  const launcher = await chooseLauncher(() => isOurs(projectId, row.buildId))
  return { projectId, slug, number: row.number, run, launcher }
}

/** The version in use, or null where the service was never deployed. */
export async function currentVersion(projectId: ProjectId, service: data.ServiceRow): Promise<Current | null> {
  if (!service.currentDeploymentId) return null
  const row = await data.findDeploymentById(projectId, service.currentDeploymentId)
  if (!row) return null
  const { slug } = service.project
  const run = await storedRun(projectId, row)
  return { id: row.id, number: row.number, slug, row, version: run && (await versionOf(projectId, slug, row, run)) }
}
