import { AppError } from '@/server/core/errors.ts'
import { systemKeepers } from '@/server/core/gates.ts'
import { keysOf, verifyKeys } from '@/server/vault/service.ts'
import { ringKeys } from '../rules.ts'
import { sourcesOf } from '../sources/all.ts'
import type { Scope } from '../sources/types.ts'
import { ringNow, talliesOf } from '../views/ring.ts'
import type { OperatorInput, OperatorOutput } from './types.ts'

const stretchMs = 4_000
const biteBytes = 8 * 1024 * 1024
const biteRows = 500

/** A project by its service, as the operator names it. @throws AppError NOT_FOUND */
export async function scopeOf(service: string | null): Promise<Scope> {
  if (service === null) return null
  const [found] = await systemKeepers(service)
  if (!found) throw new AppError('NOT_FOUND', `There is no service "${service}".`, 'service')
  return found.projectId
}

/** Opens every key, and says what each sealed. */
export async function verify({ service }: OperatorInput<'keys.verify'>): Promise<OperatorOutput<'keys.verify'>> {
  const check = await verifyKeys()
  const all = service === undefined ? [null, ...(await systemKeepers()).map((project) => project.service)] : [service]
  const keys: OperatorOutput<'keys.verify'>['keys'] = []
  const strays: OperatorOutput<'keys.verify'>['strays'] = []
  for (const name of all) {
    const scope = await scopeOf(name)
    // A project that nothing was sealed of has no key, and gets none by being looked at.
    if ((await keysOf(scope)).length === 0) continue
    const state = await ringNow(scope)
    keys.push(...ringKeys(state.ring, talliesOf(state)).map((key) => ({ ...key, service: name })))
    const ids = new Set(state.ring.map(({ id }) => id))
    const rows = talliesOf(state).reduce((sum, tally) => sum + (tally.keyId !== null && !ids.has(tally.keyId) ? tally.rows : 0), 0)
    if (rows > 0) strays.push({ service: name, rows })
  }
  return { check, keys, strays }
}

/** Opens what one key sealed, for a while: a sample of each kind of thing, or everything. `next` is where to go on. */
export async function look({ service, keyId, from, sample }: OperatorInput<'keys.look'>): Promise<OperatorOutput<'keys.look'>> {
  const scope = await scopeOf(service)
  const sources = sourcesOf(scope)
  const until = performance.now() + stretchMs
  const sum = { rows: 0, unreadable: 0 }
  let after = from?.after ?? null
  for (
    let at = from
      ? Math.max(
          0,
          sources.findIndex(({ name }) => name === from.source),
        )
      : 0;
    ;
  ) {
    const source = sources[at]
    if (!source) return { ...sum, next: null }
    const { next, rows, unreadable } = await source.look(scope, { keyId, after, bytes: biteBytes, rows: sample ?? biteRows })
    sum.rows += rows
    sum.unreadable += unreadable
    after = sample === null ? next : null
    if (after === null) at++
    const name = sources[at]?.name
    if (performance.now() >= until && name) return { ...sum, next: { source: name, after } }
  }
}
