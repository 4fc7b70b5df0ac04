import { askedRealModel } from '@/server/ai/service.ts'
import { heeding } from '@/server/core/clock.ts'
import { env, serviceUrl } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { chooseLauncher } from './launchers/choice.ts'
import { probe } from './launchers/health.ts'
import { endSupervisor, statusOf, supervisorsOf } from './launchers/supervised.ts'
import { openTrial } from './launchers/trial.ts'
import type { Trial, TrialInput } from './launchers/types.ts'
import { backUp, backups, dropBackup, dropRelease, keepRelease, pruneReleases, restore } from './rollout/files.ts'
import type { Gates, Refusal, Version } from './rollout/types.ts'
import { bringUp, endService, runningRelease, startVersion, tryCandidate, watched } from './rollout/versions.ts'
import { deployGate, failureReason, proxyAnswer, shownStatus, stateAfterProbe, switchGate } from './rules.ts'
import { monitoringSchema, type RunDescription, runDescriptionSchema, type ServiceView } from './schema.ts'

export { countServices } from './data.ts'
export { removeService } from './rollout/removal.ts'

const shownDeployments = 20
const defaultGates: Gates = { deploy: deployGate, switch: switchGate }
const now = () => new Date(registry('clock').now())
const dataDir = () => env().MAESTRO_DATA_DIR
const publish = (projectId: ProjectId) => registry('hub').publish(projectTopic(projectId), { kind: 'service' })

type Outcome = { status: 'HEALTHY' | 'FAILED'; reason: string | null }
type StateChange = Omit<Parameters<typeof data.saveService>[1], 'at'>

async function setState(projectId: ProjectId, change: StateChange): Promise<void> {
  if (await data.saveService(projectId, { ...change, at: now() })) publish(projectId)
}

async function serviceRow(projectId: ProjectId): Promise<data.ServiceRow> {
  await data.ensureService(projectId)
  const row = await data.findService(projectId)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such service.')
  return row
}

/** Whether nobody but the demo model had a word in a build's code. Which model is at work today says nothing about it. */
const isOurs = async (projectId: ProjectId, buildId: string) =>
  (await data.isDemoBuild(projectId, buildId)) && !(await askedRealModel(projectId, buildId))

async function versionOf(projectId: ProjectId, slug: string, row: { number: number; run: unknown; buildId: string }): Promise<Version> {
  const launcher = await chooseLauncher(() => isOurs(projectId, row.buildId))
  return { projectId, slug, number: row.number, run: runDescriptionSchema.parse(row.run), launcher }
}

type Monitoring = ServiceView['monitoring']
type Current = Version & { id: string; monitoring: Monitoring }
const monitoringOf = (stored: unknown): Monitoring =>
  monitoringSchema
    .nullable()
    .catch(null)
    .parse(stored ?? null)

/** The version in use, or null where the service was never deployed. */
async function currentVersion(service: data.ServiceRow, projectId: ProjectId): Promise<Current | null> {
  if (!service.currentDeploymentId) return null
  const row = await data.findDeploymentById(projectId, service.currentDeploymentId)
  return row && { ...(await versionOf(projectId, service.project.slug, row)), id: row.id, monitoring: monitoringOf(row.monitoring) }
}

export interface DeployInput {
  buildId: string
  /** The built app, with its dependencies installed; it is copied. */
  sourceDir: string
  run: RunDescription
  monitoring: unknown
  /** Gives the new version up as long as it has only been tried; a switch-over that has begun is carried through. */
  signal?: AbortSignal
}

/**
 * Puts a build behind its service's host name. The new version first proves itself on a copy of the data while the old one stays in use; a new
 * version that fails, then or at the switch-over, leaves the old one as it was. Calling it again for the same build gives the same outcome.
 * @throws AppError NOT_FOUND, UNAVAILABLE (nothing here may run such code)
 */
export async function deploy(projectId: ProjectId, input: DeployInput, gates: Gates = defaultGates): Promise<Outcome> {
  const service = await serviceRow(projectId)
  const { slug } = service.project
  const run = runDescriptionSchema.parse(input.run)
  const monitoring = input.monitoring ? monitoringSchema.parse(input.monitoring) : null
  const row =
    (await data.findDeployment(projectId, input.buildId)) ??
    (await data.insertDeployment(projectId, { buildId: input.buildId, run, monitoring, at: now() }))
  if (row.status === 'FAILED') return { status: 'FAILED', reason: row.reason }
  if (row.status !== 'STARTING') return { status: 'HEALTHY', reason: null }
  const version = await versionOf(projectId, slug, row)
  await keepRelease(dataDir(), slug, row.number, input.sourceDir)
  if (!service.currentDeploymentId) await setState(projectId, { state: 'STARTING', reason: null })
  publish(projectId)
  const refused = await tried(version, gates.deploy, input.signal).catch(async (error) => {
    // It is tried again, or never: in neither case is anything being started that a request should wait for.
    if (!service.currentDeploymentId) await setState(projectId, { state: 'NEVER_DEPLOYED', reason: null })
    throw error
  })
  if (!refused) return data.withServiceLock(projectId, () => switchTo(version, row.id, gates))
  if (!service.currentDeploymentId) await setState(projectId, { state: 'NEVER_DEPLOYED', reason: refused.what })
  return fail(version, row.id, refused)
}

async function tried(version: Version, gate: Gates['deploy'], signal?: AbortSignal): Promise<Refusal | null> {
  const clock = signal ? heeding(registry('clock'), signal) : registry('clock')
  const refused = await tryCandidate(dataDir(), version, gate, clock).catch((error) => {
    if (!signal?.aborted) throw error
    return null
  })
  return signal?.aborted ? { what: 'The build was ended before this version was in use.', tail: [] } : refused
}

async function fail(version: Version, deploymentId: string, refused: Refusal): Promise<Outcome> {
  const reason = failureReason(refused.what, refused.tail)
  const settled = await data.settleDeployment(version.projectId, deploymentId, { status: 'FAILED', reason, healthyAt: null })
  // It is never started again, and builds that fail one after the other would fill the disk.
  if (settled) await dropRelease(dataDir(), version.slug, version.number)
  publish(version.projectId)
  return { status: 'FAILED', reason }
}

async function switchTo(version: Version, deploymentId: string, gates: Gates): Promise<Outcome> {
  const { projectId, slug, number } = version
  const service = await serviceRow(projectId)
  const old = await currentVersion(service, projectId)
  // From here on the proxy holds requests; the two versions never have the data at the same time.
  await setState(projectId, { state: 'STARTING', reason: null })
  await endService(dataDir(), slug)
  await backUp(dataDir(), slug, number)
  const refused = await bringUp(dataDir(), version, gates.switch, registry('clock'))
  if (!refused) {
    // In this order: a backup without a switch-over that goes on is dropped at the next start, one that is missing cannot be put back.
    await data.recordSwitch(projectId, deploymentId, now())
    await dropBackup(dataDir(), slug, number)
    publish(projectId)
    await pruneReleases(dataDir(), slug, number)
    return { status: 'HEALTHY', reason: null }
  }
  await endService(dataDir(), slug)
  await restore(dataDir(), slug, number)
  await fallBack(projectId, old, gates)
  return fail(version, deploymentId, { ...refused, what: `On the real data: ${refused.what}` })
}

async function fallBack(projectId: ProjectId, old: Version | null, gates: Gates): Promise<void> {
  if (!old) return setState(projectId, { state: 'NEVER_DEPLOYED', reason: 'The first version could not be started.' })
  const refused = await bringUp(dataDir(), old, gates.switch, registry('clock'))
  await setState(projectId, refused ? { state: 'DOWN', reason: refused.what } : { state: 'UP', reason: null })
}

/** Where the proxy finds a service: what to do with a request, and the app's socket. */
export interface Upstream {
  answer: ReturnType<typeof proxyAnswer>
  state: data.ServiceRow['state'] | null
  socketPath: string
}

/** Looks a service up by its name; `answer` is `unknown` where there is none of this name. */
export async function upstreamFor(slug: string): Promise<Upstream> {
  const [project] = await systemProjects(slug)
  const service = project && (await data.findService(project.projectId))
  const state = service ? service.state : project ? 'NEVER_DEPLOYED' : null
  return { answer: proxyAnswer(state), state, socketPath: project ? watched(dataDir(), slug, '/').appSocket : '' }
}

/**
 * At the server's start: every service that is recorded as running is found again by its control socket, or started again. A switch-over
 * that was cut off is undone first.
 */
export async function adoptServices(): Promise<void> {
  const adopt = async ({ projectId, service }: { projectId: ProjectId; service: string }) => {
    try {
      await data.withServiceLock(projectId, () => adoptService(projectId))
      await data.settleCutOff(projectId, 'The build ended before this version was in use.')
    } catch (error) {
      logger.error({ err: error, service }, 'the service could not be started again')
    }
  }
  for (const project of await systemProjects()) await adopt(project)
}

async function adoptService(projectId: ProjectId): Promise<void> {
  const service = await data.findService(projectId)
  if (!service || service.state === 'STOPPED' || service.state === 'NEVER_DEPLOYED') return
  const { slug } = service.project
  const version = await currentVersion(service, projectId)
  for (const number of await backups(dataDir(), slug)) {
    if (!(await data.isStarting(projectId, number))) await dropBackup(dataDir(), slug, number)
    else if (await endService(dataDir(), slug).then(() => true)) await restore(dataDir(), slug, number)
  }
  if (!version) return setState(projectId, { state: 'NEVER_DEPLOYED', reason: null })
  if ((await runningRelease(dataDir(), slug)) !== version.number) await startVersion(dataDir(), version)
  if (service.state === 'STARTING') await setState(projectId, { state: 'UP', reason: null })
}

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

async function probeService(projectId: ProjectId, service: data.ServiceRow): Promise<void> {
  const version = await currentVersion(service, projectId)
  if (!version) return
  const { controlSocket, appSocket } = watched(dataDir(), version.slug, version.run.healthPath)
  const status = await statusOf(controlSocket)
  if (status === null) await data.withServiceLock(projectId, () => adoptService(projectId))
  const { path, intervalMs, timeoutMs } = version.monitoring?.probe ?? { path: version.run.healthPath, intervalMs: 0, timeoutMs: 5_000 }
  const wellBefore = service.state === 'UP' && status?.phase === 'running'
  // What is well is asked as often as its monitoring says; what is not, at every look.
  if (wellBefore && service.checkedAt && now().getTime() - service.checkedAt.getTime() < intervalMs) return
  const httpStatus = await probe(appSocket, path, timeoutMs)
  const found = stateAfterProbe(service.state, { alive: status?.phase === 'running', httpStatus })
  if (!found) return
  const { state, reason } = found as { state: 'UP' | 'DOWN'; reason: string | null }
  if (await data.saveProbe(projectId, { state, reason, checkedAt: now(), deploymentId: version.id })) publish(projectId)
}

/** Takes a service out of use; its data and releases stay. */
export async function stopService(projectId: ProjectId): Promise<void> {
  await data.withServiceLock(projectId, async () => {
    const service = await serviceRow(projectId)
    if (!service.currentDeploymentId) throw new AppError('CONFLICT', 'This service was never deployed.')
    await setState(projectId, { state: 'STOPPED', reason: null })
    await endService(dataDir(), service.project.slug)
  })
}

/**
 * Starts the version in use again.
 * @throws AppError CONFLICT where there is none, UNAVAILABLE where it does not come up
 */
export async function startService(projectId: ProjectId, gates: Gates = defaultGates): Promise<void> {
  await data.withServiceLock(projectId, async () => {
    const version = await currentVersion(await serviceRow(projectId), projectId)
    if (!version) throw new AppError('CONFLICT', 'This service was never deployed.')
    await setState(projectId, { state: 'STARTING', reason: null })
    const refused = await bringUp(dataDir(), version, gates.switch, registry('clock'))
    await setState(projectId, refused ? { state: 'DOWN', reason: refused.what } : { state: 'UP', reason: null })
    if (refused) throw new AppError('UNAVAILABLE', failureReason(refused.what, refused.tail))
  })
}

/** What the service's page shows. */
export async function serviceView(projectId: ProjectId): Promise<ServiceView> {
  const service = await serviceRow(projectId)
  const rows = await data.listDeployments(projectId, shownDeployments)
  const builds = await data.buildNumbers(
    projectId,
    rows.map((row) => row.buildId),
  )
  const deployments = rows.map((row) => {
    const current = row.id === service.currentDeploymentId
    const healthyAt = row.healthyAt?.toISOString() ?? null
    const { number, reason } = row
    const status = shownStatus(row.status, current)
    return { number, build: builds.get(row.buildId) ?? 0, status, reason, createdAt: row.createdAt.toISOString(), healthyAt, current }
  })
  const { slug, title } = service.project
  return {
    service: slug,
    title,
    url: serviceUrl(slug),
    state: service.state,
    reason: service.reason,
    changedAt: service.changedAt.toISOString(),
    checkedAt: service.checkedAt?.toISOString() ?? null,
    current: deployments.find(({ current }) => current) ?? null,
    deployments,
    monitoring: monitoringSchema
      .nullable()
      .catch(null)
      .parse(rows.find((row) => row.id === service.currentDeploymentId)?.monitoring ?? null),
  }
}

/** An app in a sandbox of its own for the test gate; it ends with this process. A trial of the same key that is left over is ended first. */
export async function startTrial(projectId: ProjectId, input: TrialInput): Promise<Trial> {
  return openTrial(dataDir(), await chooseLauncher(() => isOurs(projectId, input.buildId)), input)
}

/** Ends every app that a data directory runs, and returns how many; works without server and database. */
export async function stopAll(directory: string): Promise<number> {
  const found = await supervisorsOf(directory)
  await Promise.all(found.map(({ controlSocket }) => endSupervisor(controlSocket)))
  return found.length
}
