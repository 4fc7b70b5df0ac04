import { serviceUrl } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import * as data from '../data.ts'
import { deploymentReason, serviceReason, storedMonitoring, storedRun } from '../records/records.ts'
import { shownStatus } from '../rules.ts'
import type { ServiceView } from '../schema.ts'
import type { CurrentView } from './types.ts'

const shownDeployments = 20

/**
 * A project's service, which is made where there is none yet.
 * @throws AppError NOT_FOUND
 */
export async function serviceRow(projectId: ProjectId): Promise<data.ServiceRow> {
  await data.ensureService(projectId)
  const row = await data.findService(projectId)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such service.')
  return row
}

async function deploymentsOf(projectId: ProjectId, rows: data.DeploymentRow[], currentId: string | null) {
  const builds = await data.buildNumbers(
    projectId,
    rows.map((row) => row.buildId),
  )
  return Promise.all(
    rows.map(async (row) => {
      const current = row.id === currentId
      const { value, unreadable } = await deploymentReason(projectId, row)
      return {
        number: row.number,
        build: builds.get(row.buildId) ?? 0,
        status: shownStatus(row.status, current),
        reason: value,
        reasonUnreadable: unreadable,
        createdAt: row.createdAt.toISOString(),
        healthyAt: row.healthyAt?.toISOString() ?? null,
        current,
      }
    }),
  )
}

async function currentView(projectId: ProjectId, row: data.DeploymentRow | null): Promise<CurrentView> {
  if (!row) return { monitoring: null, monitoringUnreadable: false, runUnreadable: false }
  const { monitoring, unreadable } = await storedMonitoring(projectId, row)
  return { monitoring, monitoringUnreadable: unreadable, runUnreadable: (await storedRun(projectId, row)) === null }
}

/** What the service's page shows. */
export async function serviceView(projectId: ProjectId): Promise<ServiceView> {
  const service = await serviceRow(projectId)
  const { currentDeploymentId } = service
  const rows = await data.listDeployments(projectId, shownDeployments)
  const inUse = rows.find((row) => row.id === currentDeploymentId)
  const used = inUse ?? (currentDeploymentId ? await data.findDeploymentById(projectId, currentDeploymentId) : null)
  const [deployments, current, reason] = await Promise.all([
    deploymentsOf(projectId, rows, currentDeploymentId),
    currentView(projectId, used),
    serviceReason(projectId, service),
  ])
  const { slug, title } = service.project
  return {
    service: slug,
    title,
    url: serviceUrl(slug),
    state: service.state,
    reason: reason.value,
    reasonUnreadable: reason.unreadable,
    changedAt: service.changedAt.toISOString(),
    checkedAt: service.checkedAt?.toISOString() ?? null,
    current: deployments.find((deployment) => deployment.current) ?? null,
    deployments,
    ...current,
  }
}
