import { heeding } from '@/server/core/clock.ts'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { chooseLauncher } from './launchers/choice.ts'
import { endSupervisor, supervisorsOf } from './launchers/supervised.ts'
import { openTrial } from './launchers/trial.ts'
import type { Trial, TrialInput } from './launchers/types.ts'
import {
  currentVersion,
  deploymentReason,
  isOurs,
  newDeployment,
  publish,
  setState,
  settleFailed,
  storedRun,
  unreadableRun,
  versionOf,
} from './records/records.ts'
import type { Current } from './records/types.ts'
import { backUp, dropBackup, dropRelease, keepRelease, pruneReleases, restore } from './rollout/files.ts'
import type { Gates, Refusal, Version } from './rollout/types.ts'
import { bringUp, endService, runningRelease, tryCandidate, watched } from './rollout/versions.ts'
import { deployGate, failureReason, proxyAnswer, switchGate } from './rules.ts'
import { monitoringSchema, type RunDescription, runDescriptionSchema } from './schema.ts'
import { serviceRow } from './views/view.ts'

export { countServices } from './data.ts'
export { programs } from './launchers/programs.ts'
export { watchSocketFolder } from './launchers/socket-folder.ts'
export { removeService } from './rollout/removal.ts'
export { deploymentContext, serviceContext } from './rules.ts'
export { adoptServices } from './upkeep/adopt.ts'
export { probeServices } from './upkeep/probe.ts'
export { serviceView } from './views/view.ts'

const defaultGates: Gates = { deploy: deployGate, switch: switchGate }
const now = () => new Date(registry('clock').now())
const dataDir = () => env().MAESTRO_DATA_DIR
type Outcome = { status: 'HEALTHY' | 'FAILED'; reason: string | null }
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
    (await data.findDeployment(projectId, input.buildId)) ?? (await newDeployment(projectId, { buildId: input.buildId, run, monitoring }))
  if (row.status === 'FAILED') return { status: 'FAILED', reason: (await deploymentReason(projectId, row)).value }
  if (row.status !== 'STARTING') return { status: 'HEALTHY', reason: null }
  const version = await versionOf(projectId, slug, row, (await storedRun(projectId, row)) ?? run)
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
  const settled = await settleFailed(version.projectId, deploymentId, reason)
  // It is never started again, and builds that fail one after the other would fill the disk.
  if (settled) await dropRelease(dataDir(), version.slug, version.number)
  publish(version.projectId)
  return { status: 'FAILED', reason }
}

async function switchTo(version: Version, deploymentId: string, gates: Gates): Promise<Outcome> {
  const { projectId, slug, number } = version
  const service = await serviceRow(projectId)
  const old = await currentVersion(projectId, service)
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

async function fallBack(projectId: ProjectId, old: Current | null, gates: Gates): Promise<void> {
  if (!old) return setState(projectId, { state: 'NEVER_DEPLOYED', reason: 'The first version could not be started.' })
  if (!old.version) return setState(projectId, { state: 'DOWN', reason: unreadableRun })
  const refused = await bringUp(dataDir(), old.version, gates.switch, registry('clock'))
  await setState(projectId, refused ? { state: 'DOWN', reason: refused.what } : { state: 'UP', reason: null })
}

/** Where the proxy finds a service: what to do with a request, and the app's socket. */
export interface Upstream {
  /** `ended` belongs to addresses that were good for one run of an app, `elsewhere` to those whose app another server of this installation runs. */
  answer: ReturnType<typeof proxyAnswer> | 'ended' | 'elsewhere'
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

/** Takes a service out of use; its data and releases stay. */
export async function stopService(projectId: ProjectId): Promise<void> {
  await data.withServiceLock(projectId, async () => {
    const service = await serviceRow(projectId)
    if (!service.currentDeploymentId) throw new AppError('CONFLICT', 'This service was never deployed.')
    await setState(projectId, { state: 'STOPPED', reason: null })
    await endService(dataDir(), service.project.slug)
  })
}

/** One that runs is left alone: nobody could start it again. */
async function refuseStart(projectId: ProjectId): Promise<never> {
  const { project } = await serviceRow(projectId)
  const runs = (await runningRelease(dataDir(), project.slug)) !== null
  if (!runs) await setState(projectId, { state: 'DOWN', reason: unreadableRun })
  throw new AppError('UNAVAILABLE', unreadableRun, undefined, { key: 'runUnreadable' })
}

/**
 * Starts the version in use again.
 * @throws AppError CONFLICT where there is none, UNAVAILABLE where it does not come up or no key opens its run description
 */
export async function startService(projectId: ProjectId, gates: Gates = defaultGates): Promise<void> {
  await data.withServiceLock(projectId, async () => {
    const current = await currentVersion(projectId, await serviceRow(projectId))
    if (!current) throw new AppError('CONFLICT', 'This service was never deployed.')
    const { version } = current
    if (!version) return refuseStart(projectId)
    await setState(projectId, { state: 'STARTING', reason: null })
    const refused = await bringUp(dataDir(), version, gates.switch, registry('clock'))
    await setState(projectId, refused ? { state: 'DOWN', reason: refused.what } : { state: 'UP', reason: null })
    if (refused) throw new AppError('UNAVAILABLE', failureReason(refused.what, refused.tail))
  })
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
