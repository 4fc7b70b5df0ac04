import type { Clock } from '@/server/core/clock.ts'
import { unixRequest } from '@/server/core/unix-http.ts'
import { type HealthGate, passes } from '../rules.ts'
import type { SupervisorStatus } from '../supervision/types.ts'
import { statusOf } from './supervised.ts'
import type { Watched } from './types.ts'

const pollMs = 30

/** The HTTP status of one health check over the app's socket, or null where nothing answered in time. */
export async function probe(socketPath: string, path: string, timeoutMs: number): Promise<number | null> {
  try {
    return (await unixRequest({ socketPath, path, timeoutMs, maxBytes: 64 * 1024 })).status
  } catch {
    return null
  }
}

const dead = (status: SupervisorStatus | null) => status === null || status.phase !== 'running' || status.restarts > 0

/**
 * Passes an app through a gate: it must come up, then answer each probe. Returns null when it did, else why not; a death at any
 * moment ends it.
 */
export async function passesGate(app: Watched, gate: HealthGate, clock: Clock): Promise<{ what: string; tail: string[] } | null> {
  const deadline = clock.now() + gate.startMs
  const failed = async (what: string) => ({ what, tail: (await statusOf(app.controlSocket))?.tail ?? [] })
  let last: number | null = null
  for (;;) {
    last = await probe(app.appSocket, app.healthPath, gate.timeoutMs)
    if (passes(last, gate)) break
    if (dead(await statusOf(app.controlSocket))) return failed('The app ended before it answered.')
    if (clock.now() >= deadline) return failed(notHealthy(app.healthPath, last, Math.round(gate.startMs / 1000)))
    await clock.sleep(pollMs)
  }
  for (let count = 1; count < gate.count; count++) {
    await clock.sleep(gate.intervalMs)
    last = await probe(app.appSocket, app.healthPath, gate.timeoutMs)
    if (dead(await statusOf(app.controlSocket))) return failed(`The app ended after ${count} of ${gate.count} health checks.`)
    if (!passes(last, gate))
      return failed(`Health check ${count + 1} of ${gate.count} failed: ${last === null ? 'no answer' : `status ${last}`}.`)
  }
  return null
}

function notHealthy(path: string, last: number | null, seconds: number): string {
  if (last === null) return `The app did not answer within ${seconds} s of its start.`
  return `${path} answered with status ${last} for ${seconds} s.`
}
