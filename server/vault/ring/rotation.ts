import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import type { Rewrapped } from '../schema.ts'
import { forgetRing } from './cache.ts'
import { makeKey, storeKey } from './keys.ts'
import { bindingOf, mastersAreAway, now, refusal, tellOfRing, unwrapRow } from './types.ts'

/** Gives a ring a new key that seals from now on. */
export async function rotate(scope: data.KeyScope): Promise<data.KeyRow> {
  const fresh = await makeKey(scope)
  const row = await data.holdingMasterKeys('shared', async (tx) => {
    if (!(await data.lockRing(tx, scope))) throw refusal('noProjectForKey')
    await data.retireActiveKey(tx, scope, now())
    return storeKey(tx, fresh)
  })
  forgetRing(scope)
  tellOfRing(scope)
  return row
}

/** Which other master key wraps most; null where everything is wrapped by this one. */
async function mostlyWrappedBy(tx: data.KeyTransaction, current: string): Promise<string | null> {
  const others = (await data.wrapCounts(tx)).filter(({ masterId }) => masterId !== current)
  return others.sort((a, b) => b.keys - a.keys)[0]?.masterId ?? (others.length > 0 ? '' : null)
}

/**
 * Makes a new master key the current one. Where the operator put one in front already, that one is it.
 * @throws AppError CONFLICT where the operator has to, in words that say how
 */
export function rotateMaster(): Promise<{ from: string; to: string }> {
  const masters = registry('masterKeys')
  return data.holdingMasterKeys('alone', async (tx) => {
    const current = await masters.current()
    if (masters.source === 'environment' || masters.source === 'file') {
      const from = await mostlyWrappedBy(tx, current)
      if (from !== null) return { from, to: current }
    }
    return { from: current, to: await masters.rotate() }
  })
}

type Position = Pick<data.WrappedRow, 'kind' | 'id'>

async function rewrapRow(row: data.WrappedRow): Promise<{ masterId: string; wrapped: Buffer } | null> {
  try {
    const key = await unwrapRow(row)
    const fresh = await registry('masterKeys').wrap(key, bindingOf(row))
    key.fill(0)
    return fresh
  } catch (err) {
    if (mastersAreAway(err)) throw err
    logger.warn({ err, kind: row.kind, id: row.id }, 'a key could not be wrapped anew')
    return null
  }
}

/** Wraps a page of what other master keys wrap; gives where the next one begins. */
function rewrapPage(current: string, after: Position | null, counts: Rewrapped): Promise<Position | null> {
  return data.holdingMasterKeys('shared', async (tx) => {
    const rows = await data.wrappedRows(after, { tx, butBy: current })
    const fresh = await Promise.all(rows.map(rewrapRow))
    for (const [at, row] of rows.entries()) {
      const wrapping = fresh[at]
      if (!wrapping) counts.failed++
      else if (await data.replaceWrapping(tx, row, wrapping)) counts.rewrapped++
    }
    return rows.at(-1) ?? null
  })
}

/** Master keys that wrap nothing any more are forgotten. While nobody wraps, so that none is forgotten that somebody is about to use. */
function forgetUnused(): Promise<void> {
  return data.holdingMasterKeys('alone', async (tx) => {
    const ids = (await data.wrapCounts(tx)).map(({ masterId }) => masterId)
    // Of a row of before master keys had ids nobody knows which it needs.
    if (ids.includes(null)) return
    await registry('masterKeys').forgetAllBut(ids.filter((id) => id !== null))
  })
}

/**
 * Wraps everything with the current master key that another one wraps. It may be cut off and begun again, and several processes may do it
 * at once: a row is replaced only where it is still as it was read.
 * @throws AppError UNAVAILABLE where a vault does not answer
 */
export async function rewrapEverything(): Promise<Rewrapped> {
  const masters = registry('masterKeys')
  const counts = { rewrapped: 0, failed: 0 }
  for (let current = await masters.current(), last = ''; current !== last; current = await masters.current()) {
    counts.failed = 0
    let after: Position | null = null
    do after = await rewrapPage(current, after, counts)
    while (after)
    last = current
  }
  if (counts.failed === 0) await forgetUnused()
  return counts
}
