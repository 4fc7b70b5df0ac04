import { env } from '@/server/core/env.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { probe } from '../launchers/health.ts'
import { statusOf } from '../launchers/supervised.ts'
import { currentVersion, setFound, storedMonitoring } from '../records/records.ts'
import type { Current } from '../records/types.ts'
import { watched } from '../rollout/versions.ts'
import { stateAfterProbe } from '../rules.ts'
import { runDescriptionSchema } from '../schema.ts'
import { adoptService } from './adopt.ts'
import type { ProbeTarget } from './types.ts'

const timeoutMs = 5_000
const now = () => new Date(registry('clock').now())

/** Looks at every running service once: its state follows from what is found, and one without a supervisor gets one again. */
export async function probeServices(): Promise<void> {
  const look = async (projectId: ProjectId) => {
    const service = await data.findService(projectId)
    if (service?.state === 'UP' || service?.state === 'DOWN') await probeService(projectId, service)
  }
  const projects = await systemProjects()
  const failed = (await Promise.allSettled(projects.map(({ projectId }) => look(projectId)))).find((result) => result.status === 'rejected')
  if (failed) logger.warn({ err: failed.reason }, 'a service could not be probed')
}

async function targetOf(projectId: ProjectId, { row, version }: Current): Promise<ProbeTarget> {
  const { monitoring } = await storedMonitoring(projectId, row)
  if (monitoring) return { ...monitoring.probe, anyAnswer: false }
  const path = version?.run.healthPath ?? runDescriptionSchema.parse({}).healthPath
  return { path, intervalMs: 0, timeoutMs, anyAnswer: version === null }
}

async function probeService(projectId: ProjectId, service: data.ServiceRow): Promise<void> {
  const current = await currentVersion(projectId, service)
  if (!current) return
  const { controlSocket, appSocket } = watched(env().MAESTRO_DATA_DIR, current.slug, '/')
  const status = await statusOf(controlSocket)
  if (status === null) await data.withServiceLock(projectId, () => adoptService(projectId))
  // Adoption has said why it is not started.
  if (status === null && !current.version) return
  const target = await targetOf(projectId, current)
  const wellBefore = service.state === 'UP' && status?.phase === 'running'
  // What is well is asked as often as its monitoring says; what is not, at every look.
  if (wellBefore && service.checkedAt && now().getTime() - service.checkedAt.getTime() < target.intervalMs) return
  const answered = await probe(appSocket, target.path, target.timeoutMs)
  const httpStatus = target.anyAnswer && answered !== null ? 200 : answered
  const found = stateAfterProbe(service.state, { alive: status?.phase === 'running', httpStatus })
  if (!found) return
  const { state, reason } = found as { state: 'UP' | 'DOWN'; reason: string | null }
  await setFound(projectId, { state, reason, deploymentId: current.id })
}
