import type { deploymentStatuses, serviceStates } from './schema.ts'

type ServiceState = (typeof serviceStates)[number]
type DeploymentStatus = (typeof deploymentStatuses)[number]

/** What the sealed columns of deployments and services are bound to. */
export const deploymentContext = (id: string, column: 'run' | 'monitoring' | 'reason'): string => `deployment:${id}/${column}`
export const serviceContext = (projectId: string): string => `service:${projectId}/reason`

const firstDelayMs = 250
const longestDelayMs = 30_000

/** The pause before a dead app is started again: doubled with each death in a row, up to 30 s; `random` in [0, 1) spreads it by a quarter. */
export function restartDelayMs(failures: number, random: number): number {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(20, Math.max(0, failures - 1)))
  return Math.round(delay * (0.875 + random / 4))
}

/** How an app is found healthy: it has `startMs` to answer at all, then must answer `count` probes in a row, `intervalMs` apart. */
export interface HealthGate {
  startMs: number
  count: number
  intervalMs: number
  timeoutMs: number
  /** True where any HTTP answer will do: the app need not be well, only there. */
  anyAnswer?: boolean
}

/** Five probes over ten seconds. */
export const deployGate: HealthGate = { startMs: 60_000, count: 5, intervalMs: 2_500, timeoutMs: 2_000 }
/** After the switch the same version has proven itself; it only has to come up on the real data. */
export const switchGate: HealthGate = { startMs: 20_000, count: 2, intervalMs: 250, timeoutMs: 2_000 }

/** A trial only has to be there: what is wrong with it is for the tests to say. */
export const trialGate: HealthGate = { startMs: 20_000, count: 1, intervalMs: 0, timeoutMs: 5_000, anyAnswer: true }

/** What one look at a running service found. `alive` is false where its supervisor says the app is dead or waiting to be started again. */
export interface Probe {
  alive: boolean
  /** The health path's HTTP status, or null where nothing answered. */
  httpStatus: number | null
}

const answeredWell = (probe: Probe) => probe.alive && probe.httpStatus !== null && probe.httpStatus >= 200 && probe.httpStatus < 300

/** A service's state from one probe, and why it is down; one that was stopped, or is being switched, is left alone. */
export function stateAfterProbe(state: ServiceState, probe: Probe): { state: ServiceState; reason: string | null } | null {
  if (state !== 'UP' && state !== 'DOWN') return null
  if (answeredWell(probe)) return { state: 'UP', reason: null }
  if (!probe.alive) return { state: 'DOWN', reason: 'The app ended; it is started again with growing pauses.' }
  if (probe.httpStatus === null) return { state: 'DOWN', reason: 'The app does not answer its health check.' }
  return { state: 'DOWN', reason: `The app answers its health check with status ${probe.httpStatus}.` }
}

/** Whether a health check's status is good enough for a gate. */
export const passes = (httpStatus: number | null, gate: HealthGate) =>
  gate.anyAnswer ? httpStatus !== null : answeredWell({ alive: true, httpStatus })

/** Why a new version was not taken, with what it said last, in at most 600 characters. */
export function failureReason(what: string, tail: readonly string[]): string {
  const said = tail.map((line) => line.trim()).filter(Boolean)
  const words = said.length > 0 ? `${what} Its last words: ${said.slice(-5).join(' | ')}` : what
  return words.length > 600 ? `${words.slice(0, 599)}…` : words
}

/** The releases that may be removed: all but the newest `keep` and the current one. */
export function releasesToRemove(numbers: readonly number[], current: number | null, keep = 5): number[] {
  const newest = [...numbers].sort((a, b) => b - a).slice(0, keep)
  return numbers.filter((number) => !newest.includes(number) && number !== current)
}

/** A deployment's status on the page: of the healthy ones only the current is in use. */
export function shownStatus(status: DeploymentStatus, current: boolean): DeploymentStatus {
  return status === 'HEALTHY' && !current ? 'REPLACED' : status
}

/** What the proxy does with a request for a service in this state: ask the app, hold the request for a while, or say why not. */
export function proxyAnswer(state: ServiceState | null): 'forward' | 'hold' | 'unknown' | 'undeployed' | 'stopped' {
  if (state === null) return 'unknown'
  if (state === 'NEVER_DEPLOYED') return 'undeployed'
  if (state === 'STOPPED') return 'stopped'
  return state === 'STARTING' ? 'hold' : 'forward'
}
