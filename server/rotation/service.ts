import { audited } from '@/server/audit/service.ts'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ProjectId } from '@/server/core/gates.ts'
import { activeKeyId, destroyKeys, rewrapKeys, rotateDataKey, rotateMasterKey } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { type Asked, beginRound, cancelRound as cancelRoundOf, targetOf, tell } from './rounds/rounds.ts'
import type { Outcome } from './rounds/types.ts'
import { workAtRound } from './rounds/work.ts'
import { atStake, isConfirmed, roundView } from './rules.ts'
import type { Destroyed, RoundView } from './schema.ts'
import type { Scope } from './sources/types.ts'
import { ringNow, sealedOf, talliesOf } from './views/ring.ts'

export { operatorAct, operatorCall } from './operator/calls.ts'
export { askForWork, failRound, sweepRounds } from './rounds/rounds.ts'
export { platformRing, projectRing } from './views/ring.ts'

type Rotated = { keyId: string; round: RoundView }

const platform = 'platform'
const megabyte = 1_000_000
/** How long a stretch of a round is: whoever runs it may be stopped this often. */
const stretchMs = 10_000

/** A new key and a round, or what the same request made before. */
async function rotate(act: Act, scope: Scope, asked: Asked): Promise<Rotated> {
  const details: Record<string, string> = {}
  const action = scope ? 'keys.rotated' : 'keys.platform-rotated'
  const round = await beginRound(act, scope, asked, { action, details }, async () => {
    details.keyId = (await rotateDataKey(scope)).id
  })
  return { keyId: details.keyId ?? (await activeKeyId(scope)), round }
}

/**
 * Gives a project a new key at once and begins to seal anew what the old one sealed. The same request again changes nothing.
 * @throws AppError CONFLICT where the request's id belongs to something else
 */
export const rotateKey = (act: Act, projectId: ProjectId, asked: Asked): Promise<Rotated> => rotate(act, projectId, asked)

/** The same for what belongs to no project. @throws AppError CONFLICT */
export const rotatePlatformKey = (act: Act, { requestId }: { requestId: string }): Promise<Rotated> =>
  rotate(act, null, { service: platform, requestId })

/** Begins a round without a new key; where one goes on, that is the answer. */
async function resealOf(act: Act, scope: Scope, asked: Asked): Promise<{ round: RoundView }> {
  const latest = await data.latestRound(scope)
  if (latest?.state === 'RUNNING') return { round: roundView(latest) }
  return { round: await beginRound(act, scope, asked, { action: 'keys.resealed' }) }
}

/** Seals anew what the active key did not seal, also what older versions stored in the clear. @throws AppError CONFLICT */
export const reseal = (act: Act, projectId: ProjectId, asked: Asked) => resealOf(act, projectId, asked)

/** The same for what belongs to no project. @throws AppError CONFLICT */
export const resealPlatform = (act: Act, { requestId }: { requestId: string }) => resealOf(act, null, { service: platform, requestId })

/** Ends a project's round; what it sealed anew stays so. */
export const cancelRound = (act: Act, projectId: ProjectId, service: string) => cancelRoundOf(act, projectId, service)

/** Ends the platform's round. */
export const cancelPlatformRound = (act: Act) => cancelRoundOf(act, null, platform)

async function refuseWhileBuilding(projectId: ProjectId): Promise<void> {
  const open = await data.openBuilds(projectId)
  if (open.length === 0) return
  const [count, numbers] = [open.length, open.join(', ')]
  throw new AppError('CONFLICT', `Builds go on (${numbers}): end them first, or wait.`, undefined, {
    key: 'buildsGoOn',
    values: { count, numbers },
  })
}

/**
 * Destroys every key of a project: what they sealed is unreadable for good, in this database and in every backup of it.
 * @throws AppError BAD_REQUEST where the service's name was not typed, CONFLICT while builds go on or something is stored unsealed
 */
export async function destroyProjectKeys(
  act: Act,
  projectId: ProjectId,
  { service, confirm }: { service: string; confirm: string },
): Promise<Destroyed> {
  if (!isConfirmed(confirm, service))
    throw new AppError('BAD_REQUEST', `Type the service’s name, ${service}, to confirm.`, 'confirm', {
      key: 'confirmKeys',
      values: { service },
    })
  await refuseWhileBuilding(projectId)
  const state = await ringNow(projectId)
  const sealed = sealedOf(state)
  if (sealed.some(({ inClear }) => inClear > 0))
    throw new AppError('CONFLICT', 'Some of it is stored unsealed by an older version: have it sealed first.', undefined, {
      key: 'sealFirst',
    })
  const lost = atStake(state.ring, talliesOf(state))
  const details: Record<string, number> = { rows: lost.rows }
  await audited(act, { action: 'keys.destroyed', target: targetOf(projectId, service), details }, async (tx) => {
    await data.endOpenRound(tx, projectId, 'CANCELLED', 'destroyed', data.now())
    details.keys = await destroyKeys(projectId)
  })
  tell(projectId)
  return { keys: details.keys ?? 0, ...lost, sealed }
}

/** Makes a new master key and wraps every key with it. @throws AppError CONFLICT where the master key is kept where we cannot change it */
export async function rotateMaster(act: Act): Promise<{ masterId: string; rewrapped: number; failed: number }> {
  const { from, to } = await rotateMasterKey()
  const record = { action: 'keys.master-rotated', target: targetOf(null, platform), details: { from, masterId: to } } as const
  await audited(act, record, async () => undefined)
  return { masterId: to, ...(await rewrapKeys()) }
}

/** Works at a round for a while, no faster than the settings allow. */
export const workAtRoundFor = (scope: Scope, roundId: string): Promise<Outcome> =>
  workAtRound(scope, roundId, { forMs: stretchMs, bytesPerSecond: env().MAESTRO_RESEAL_MB_PER_SECOND * megabyte })

/** Writes down that a backup of the keys was put back. */
export async function noteRestored(act: Act, { madeAt, keys }: { madeAt: string; keys: number }): Promise<void> {
  await audited(act, { action: 'keys.restored', target: targetOf(null, platform), details: { keys, madeAt } }, async () => undefined)
}
