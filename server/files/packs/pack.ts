import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar'
import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { keyIdOfSealed, open, seal } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { removeTree } from '../tree/remove.ts'
import { besideOf, makeFolders, placeOf } from './places.ts'
import { archiveOf } from './tar.ts'

/** So much of an archive is sealed at once, and lies in memory. */
const pieceBytes = 8 * 1024 * 1024

/** What the bytes of a piece are bound to; the key names the pack and the place in it. */
export const fileContext = (objectKey: string) => `chat-files:${objectKey}`

async function storePiece(spaceId: ProjectId, sessionId: string, pack: string, position: number, bytes: Buffer): Promise<string | null> {
  const objectKey = `chat-files/${spaceId}/${sessionId}/${pack}/${position}`
  const sealed = await seal(spaceId, fileContext(objectKey), bytes)
  const keyId = keyIdOfSealed(sealed)
  await data.insertPiece(sessionId, { pack, position, bytes: bytes.length, objectKey, keyId })
  await registry('objects').put(objectKey, sealed)
  return keyId
}

/** Removes pieces that no conversation names: of former packs, and of such as were never whole. All of them where none is kept. */
export async function dropPieces(sessionId: string, keep: string | null): Promise<void> {
  const pieces = await data.findLeftovers(sessionId, keep)
  for (const { objectKey } of pieces) await registry('objects').delete(objectKey)
  await data.deletePieces(pieces.map(({ id }) => id))
  // Once more: what was sealed anew at that moment still had its row.
  for (const { objectKey } of pieces) await registry('objects').delete(objectKey)
}

/**
 * Packs what lies in a session's folder and seals it into the object store; then the folder goes. Whenever it is cut off, either the folder
 * is still whole, or the pack is and the conversation names it.
 */
export async function pack(spaceId: ProjectId, sessionId: string): Promise<void> {
  const place = placeOf(sessionId)
  const name = randomUUID()
  let position = 0
  let keyId: string | null = null
  let waiting: Buffer[] = []
  let size = 0
  const flush = async () => {
    keyId = await storePiece(spaceId, sessionId, name, position++, Buffer.concat(waiting))
    waiting = []
    size = 0
  }
  const parts = [
    { from: place.files, prefix: 'files/' },
    { from: place.changes, prefix: 'changes/' },
  ]
  for await (const chunk of archiveOf(parts) as AsyncIterable<Buffer>) {
    waiting.push(chunk)
    size += chunk.length
    if (size >= pieceBytes) await flush()
  }
  await flush()
  if (!(await data.namePack(spaceId, sessionId, name, keyId))) {
    await dropPieces(sessionId, null)
    return
  }
  await putAway(sessionId)
  await dropPieces(sessionId, name)
}

/** Takes a session's folder away: first out of sight, so that one that is half gone is never taken for a whole one. */
export async function putAway(sessionId: string): Promise<void> {
  const old = besideOf(sessionId, 'old', randomUUID())
  try {
    await rename(placeOf(sessionId).root, old)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  await removeTree(old)
}

/** Brings a pack back: into a folder beside, which takes its place once it is whole. @throws AppError UNAVAILABLE, or as `open` does */
export async function unpack(spaceId: ProjectId, sessionId: string, name: string): Promise<void> {
  const pieces = await data.findPieces(spaceId, sessionId, name)
  const gone = () => new AppError('UNAVAILABLE', 'The packed files of this conversation are gone.', undefined, { key: 'filesGone' })
  if (pieces.length === 0 || pieces.some(({ position }, at) => position !== at)) throw gone()
  const fresh = besideOf(sessionId, 'new', randomUUID())
  await makeFolders(fresh)
  try {
    const gunzip = createGunzip()
    // Our own archive of our own walk: no entry lies behind a link of it, and links keep what they say.
    const target = extract({ cwd: fresh, preservePaths: true, preserveOwner: false, strict: true })
    const done = new Promise<void>((resolve, reject) => {
      target.on('close', resolve).on('error', reject)
      gunzip.on('error', reject)
    })
    done.catch(() => undefined)
    gunzip.pipe(target as unknown as NodeJS.WritableStream)
    for (const { objectKey } of pieces) {
      const sealed = await registry('objects').get(objectKey)
      if (!sealed) throw gone()
      if (!gunzip.write(await open(spaceId, fileContext(objectKey), sealed))) await Promise.race([once(gunzip, 'drain'), done])
    }
    gunzip.end()
    await done
    await rename(fresh, placeOf(sessionId).root)
  } catch (error) {
    await removeTree(fresh)
    throw error
  }
}
