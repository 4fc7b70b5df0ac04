import { AppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { keyIdOfSealed, open, openForPlatform, resealed } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { cannotBeOpened, opens } from './columns.ts'
import { unsealedObjectsSql } from './sql.ts'
import type { Counts, Looked, Scope, SealedObjects, Source } from './types.ts'

/** Stands for the key of what is gone, or was never sealed: it was looked at, and no key opens it. */
const noKey = ''
/** Objects that are read and written side by side: each waits for the disk or for the network. */
const lanes = 4

const none = (): Counts => ({ rows: 0, resealed: 0, bytes: 0, unreadable: 0 })

/** Seals one object anew under its own name, which replaces it whole; gives which key it is sealed with now. */
async function sealObject(scope: Scope, objects: SealedObjects, objectKey: string, counts: Counts): Promise<string | null> {
  const sealed = await registry('objects').get(objectKey)
  if (!sealed) {
    counts.unreadable++
    return noKey
  }
  try {
    const fresh = await resealed(scope, objects.context(objectKey), sealed)
    if (!fresh) return keyIdOfSealed(sealed)
    await registry('objects').put(objectKey, fresh)
    counts.resealed++
    counts.bytes += fresh.length
    return keyIdOfSealed(fresh)
  } catch (error) {
    if (!cannotBeOpened(error)) throw error
    counts.unreadable++
    return keyIdOfSealed(sealed) ?? noKey
  }
}

async function sealAnew(scope: Scope, objects: SealedObjects, rows: readonly data.ObjectRow[]): Promise<Counts> {
  const counts = none()
  const waiting = [...rows]
  const lane = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      counts.rows++
      // The row is held meanwhile: whoever replaces or removes the object comes before, or after.
      await data.withObject(objects, row.id, (objectKey) => sealObject(scope, objects, objectKey, counts))
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane))
  const broken = ends.find((end) => end.status === 'rejected')
  if (broken) throw broken.reason ?? new AppError('INTERNAL', 'An object could not be sealed anew.')
  return counts
}

/** The first rows that hold about as many bytes as wanted, one at least. */
function upTo(rows: readonly data.ObjectRow[], bytes: number): data.ObjectRow[] {
  let sum = 0
  return rows.filter(({ size }, at) => {
    const fits = at === 0 || sum < bytes
    sum += size
    return fits
  })
}

async function lookAt(scope: Scope, objects: SealedObjects, rows: readonly data.ObjectRow[]): Promise<Looked> {
  let unreadable = 0
  for (const { object } of rows) {
    const sealed = await registry('objects').get(object)
    const context = objects.context(object)
    const works = sealed !== null && (await opens(() => (scope ? open(scope, context, sealed) : openForPlatform(context, sealed))))
    if (!works) unreadable++
  }
  return { next: rows.at(-1)?.id ?? null, rows: rows.length, unreadable }
}

/** Objects of the object store as a source. */
export function objectSource(objects: SealedObjects): Source {
  return {
    name: objects.name,
    kind: objects.kind,
    of: objects.of,
    unsealed: unsealedObjectsSql(objects),
    tally: (scope) => data.tallyObjects(scope, objects),
    async take(scope, wanted) {
      const rows = upTo(await data.takeObjects(scope, objects, wanted), wanted.bytes)
      return {
        next: rows.at(-1)?.id ?? null,
        bytes: rows.reduce((sum, { size }) => sum + size, 0),
        work: () => sealAnew(scope, objects, rows),
      }
    },
    look: async (scope, wanted) => lookAt(scope, objects, await data.takeObjects(scope, objects, wanted, 'own', Math.min(wanted.rows, 16))),
  }
}
