import { setTimeout as delay } from 'node:timers/promises'
import type { AuditRecord } from '@/server/audit/schema.ts'
import { alsoAudited, audited, systemAct } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Act, projectFromEvent, systemKeepers } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { roundView } from '../rules.ts'
import { type RoundView, rotationEvents } from '../schema.ts'
import { sources } from '../sources/all.ts'
import type { Scope, Source } from '../sources/types.ts'

/** A round of which nothing was heard for so long has lost whoever worked at it. */
const lostAfterMs = 5 * 60_000

/** For how long a request waits for another one that begins a round. */
const mostTries = 50
const tryEveryMs = 100

type Before = (tx: Tx) => Promise<void>

const { now } = data
const changed = () => new AppError('CONFLICT', 'The keys changed meanwhile: look again.', undefined, { key: 'keysChanged' })

/** What an audit entry names: the project, or the platform. */
export const targetOf = (scope: Scope, service: string): AuditRecord['target'] =>
  scope ? { type: 'project', id: scope, label: service } : { type: 'platform', id: 'platform', label: 'platform' }

/** Tells whoever looks at a project's keys that there is something new. */
export function tell(scope: Scope): void {
  if (scope) registry('hub').publish(projectTopic(scope), { kind: 'keys' })
}

/**
 * Has a round worked at in the background. What cannot be asked for now is asked for by the next sweep.
 * @param turn tells apart the times at which one round is asked for; one turn is asked for once
 */
export async function askForWork(scope: Scope, roundId: string, turn: string): Promise<void> {
  const { asked } = rotationEvents
  await sendEvent({
    ...{ name: asked, id: `${asked}:${roundId}:${turn}`, source: 'rotation', correlationId: roundId },
    data: { roundId, projectId: scope },
  }).catch((err) => logger.warn({ err, roundId }, 'a round of sealing anew could not be asked for; the next sweep will'))
}

/** Who asks for a round, and how the request is known again. */
export interface Asked {
  service: string
  requestId: string
}

/** Undoes what another request is doing at this moment. */
class Busy extends Error {}

/** One try at `beginRound`; null while another request begins a round of this scope. */
async function tryToBegin(act: Act, scope: Scope, requestId: string, record: AuditRecord, before: Before): Promise<data.Round | null> {
  try {
    return await audited(act, record, async (tx) => {
      // Not waited for: whoever waits here holds a connection that the one before may need.
      if (!(await data.holdRounds(tx, scope))) throw new Busy()
      // What was begun between the question and the hold answers the next try.
      if (await data.findRound(requestId)) throw new Busy()
      await before(tx)
      await data.endOpenRound(tx, scope, 'CANCELLED', 'superseded', now())
      const made = await data.insertRound(tx, scope, requestId, now())
      if (!made) throw changed()
      return made
    })
  } catch (error) {
    if (error instanceof Busy) return null
    throw error
  }
}

/**
 * Begins a round in the place of the one that goes on. `before` comes first, in the same transaction as the audit entry. The same request
 * again, also at the same moment, begins nothing.
 * @throws AppError CONFLICT where the request id belongs to something else, or others begin rounds all the time
 */
export async function beginRound(
  act: Act,
  scope: Scope,
  { service, requestId }: Asked,
  record: Omit<AuditRecord, 'target'>,
  before: Before = async () => undefined,
): Promise<RoundView> {
  for (let turn = 0; turn < mostTries; turn++) {
    const known = await data.findRound(requestId)
    if (known && known.projectId !== scope) throw changed()
    if (known) return roundView(known)
    const round = await tryToBegin(act, scope, requestId, { ...record, target: targetOf(scope, service) }, before)
    if (round) {
      await askForWork(scope, round.id, 'begin')
      tell(scope)
      return roundView(round)
    }
    await delay(tryEveryMs)
  }
  throw changed()
}

/** Ends the round that goes on; what it has sealed anew stays so. */
export async function cancelRound(act: Act, scope: Scope, service: string): Promise<{ cancelled: boolean }> {
  const open = await data.latestRound(scope)
  if (open?.state !== 'RUNNING') return { cancelled: false }
  const cancelled = await data.inTransaction(async (tx) => {
    if (!(await data.endOpenRound(tx, scope, 'CANCELLED', null, now()))) return false
    await alsoAudited(tx, act, { action: 'keys.reseal-cancelled', target: targetOf(scope, service) })
    return true
  })
  tell(scope)
  return { cancelled }
}

/** Ends a round whose work broke again and again. */
export async function failRound(scope: Scope, roundId: string): Promise<void> {
  await data.failRound(roundId, 'The round broke. It was recorded.', now())
  tell(scope)
}

/**
 * For the start of a server and now and then: what was stored before everything was sealed gets a round, and a round that nobody works
 * at any more is asked for again.
 */
export async function sweepRounds(): Promise<void> {
  for (const { round, givenUp } of await data.openRounds()) {
    const scope = round.projectId === null ? null : projectFromEvent(round)
    const lost = now().getTime() - round.heartbeatAt.getTime() > lostAfterMs
    if (lost && !givenUp) await askForWork(scope, round.id, String(round.heartbeatAt.getTime()))
  }
  const unsealed = await data.projectsWhere(conditionsOf('project'))
  for (const { projectId, service } of unsealed.length > 0 ? await systemKeepers() : [])
    if (unsealed.includes(projectId)) await beginBySystem(projectId, service)
  if (await data.platformWhere(conditionsOf('platform'))) await beginBySystem(null, 'platform')
}

const conditionsOf = (of: Source['of']) => sources.flatMap((source) => (source.of === of && source.unsealed) || [])

async function beginBySystem(scope: Scope, service: string): Promise<void> {
  if ((await data.latestRound(scope))?.state === 'RUNNING') return
  const requestId = crypto.randomUUID()
  try {
    await beginRound(systemAct(requestId), scope, { service, requestId }, { action: 'keys.resealed' })
  } catch (err) {
    logger.error({ err, service }, 'a round of sealing anew could not begin')
  }
}
