import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { keysOf, masterState } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { atStake, ringKeys, roundView, sealedView } from '../rules.ts'
import { type PlatformRing, type ProjectRing, type Ring, sealedKinds } from '../schema.ts'
import { sourcesOf } from '../sources/all.ts'
import type { Scope } from '../sources/types.ts'
import type { Counted, RingState } from './types.ts'

// Counting looks at every row: what it gave is shown for ten times as long as it took, and a moment at least.
const leastMs = 1_000
const mostRemembered = 500
const remembered = new Map<string, { stamp: string; until: number; counted: Promise<Counted[]> }>()

async function countAll(scope: Scope): Promise<Counted[]> {
  return Promise.all(sourcesOf(scope).map(async (source) => ({ kind: source.kind, tallies: await source.tally(scope) })))
}

/** @param stamp what was counted under another one is counted again: a round has begun or ended since */
function countSeldom(scope: Scope, stamp: string): Promise<Counted[]> {
  const name = scope ?? ''
  const clock = registry('clock')
  const known = remembered.get(name)
  if (known?.stamp === stamp && known.until > clock.now()) return known.counted
  const started = clock.now()
  const counted = countAll(scope)
  const entry = { stamp, until: Number.POSITIVE_INFINITY, counted }
  remembered.delete(name)
  remembered.set(name, entry)
  const oldest = remembered.keys().next()
  if (remembered.size > mostRemembered && !oldest.done) remembered.delete(oldest.value)
  counted.then(
    () => {
      entry.until = clock.now() + Math.max(leastMs, 10 * (clock.now() - started))
    },
    () => remembered.delete(name),
  )
  return counted
}

/** A ring with what it seals, counted now. */
export async function ringNow(scope: Scope): Promise<RingState> {
  const [ring, counted] = await Promise.all([keysOf(scope), countAll(scope)])
  return { ring, counted }
}

/** What is sealed, by kind. */
export const sealedOf = ({ ring, counted }: RingState): Ring['sealed'] =>
  sealedKinds.flatMap((kind) => {
    const own = counted.filter((one) => one.kind === kind)
    return own.length > 0
      ? [
          sealedView(
            kind,
            own.flatMap(({ tallies }) => tallies),
            ring,
          ),
        ]
      : []
  })

export const talliesOf = ({ counted }: RingState) => counted.flatMap(({ tallies }) => tallies)

async function ringOf(scope: Scope): Promise<Ring & { state: RingState }> {
  const [ring, round] = await Promise.all([keysOf(scope), data.latestRound(scope)])
  const counted = await countSeldom(scope, `${round?.id} ${round?.state} ${ring.length}`)
  const state = { ring, counted }
  return { keys: ringKeys(ring, talliesOf(state)), sealed: sealedOf(state), round: round && roundView(round), state }
}

/** A project's keys and what they seal. */
export async function projectRing(projectId: ProjectId, service: string): Promise<ProjectRing> {
  const [{ state, ...ring }, openBuilds, serviceRuns] = await Promise.all([
    ringOf(projectId),
    data.openBuilds(projectId),
    data.serviceRuns(projectId),
  ])
  return { ...ring, service, atStake: { ...atStake(state.ring, talliesOf(state)), openBuilds, serviceRuns } }
}

/** The platform's keys and what they seal, the master keys, and the rounds that go on anywhere. */
export async function platformRing(): Promise<PlatformRing> {
  const [{ state: _, ...ring }, master, open, totals] = await Promise.all([
    ringOf(null),
    masterState(),
    data.openRounds(),
    data.keyTotals(),
  ])
  const rounds = open.flatMap(({ round, service }) => (service === null ? [] : [{ ...roundView(round), service }]))
  // Where the operator keeps it, they put the new one there first; then everything is wrapped with it from here.
  const rotatable =
    master.source === 'made' || master.source === 'vault' || master.wraps.some(({ masterId }) => masterId !== master.currentId)
  return { ...ring, master: { ...master, rotatable }, rounds, totals }
}
