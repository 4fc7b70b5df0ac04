import { readlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGzip, type Gzip } from 'node:zlib'
import { Header, type HeaderData, Pax } from 'tar'
import type { Found } from '../tree/types.ts'
import { openFile, walkTree } from '../tree/walk.ts'

const block = 512
const chunkBytes = 256 * 1024

function headerOf(data: HeaderData): Buffer {
  const header = new Header(data)
  const needsPax = header.encode()
  const plain = header.block ?? Buffer.alloc(block)
  if (!needsPax) return plain
  const { path, linkpath, size } = data
  const more = new Pax({ ...(path && { path }), ...(linkpath && { linkpath }), ...(size !== undefined && { size }) })
  return Buffer.concat([more.encode(), plain])
}

type Send = (chunk: Buffer) => Promise<void>

/** A file as it is now: one that grows or shrinks meanwhile is cut, or filled up, to the size that was told before. */
async function sendFile(found: Found, base: HeaderData, send: Send): Promise<void> {
  const opened = await openFile(found.folder, found.name).catch(() => null)
  if (!opened) return
  const { handle, stat } = opened
  try {
    await send(headerOf({ ...base, type: 'File', size: stat.size }))
    let at = 0
    while (at < stat.size) {
      const buffer = Buffer.alloc(Math.min(chunkBytes, stat.size - at))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
      await send(buffer)
      at += bytesRead === 0 ? buffer.length : bytesRead
      if (bytesRead > 0 && bytesRead < buffer.length) throw new Error('a file was read in part only')
    }
    const rest = stat.size % block
    if (rest > 0) await send(Buffer.alloc(block - rest))
  } finally {
    await handle.close()
  }
}

async function sendEntry(found: Found, prefix: string, send: Send): Promise<void> {
  const { stat, kind } = found
  const path = prefix + found.path
  const base: HeaderData = { path, mode: stat.mode & 0o777, uid: 1000, gid: 1000, mtime: stat.mtime }
  if (kind === 'file') return sendFile(found, base, send)
  if (kind === 'folder') return send(headerOf({ ...base, path: `${path}/`, type: 'Directory', size: 0 }))
  if (kind !== 'link') return
  const linkpath = await readlink(found.folder.at(found.name)).catch(() => null)
  if (linkpath !== null) await send(headerOf({ ...base, type: 'SymbolicLink', size: 0, linkpath }))
}

/** What goes into an archive: a folder, and below which name its content stands there. */
export interface Part {
  from: string
  /** Empty, or with a slash at its end. */
  prefix: string
  /** Leaves out what lies in a folder. */
  skip?: (found: Found) => boolean
}

async function writeAll(parts: readonly Part[], gzip: Gzip): Promise<void> {
  const send: Send = async (chunk) => {
    if (gzip.destroyed) throw new Error('nobody reads this archive any more')
    if (!gzip.write(chunk)) await new Promise<void>((resolve) => gzip.once('drain', resolve).once('close', resolve))
  }
  for (const { from, prefix, skip } of parts) {
    await walkTree(from, async (found) => {
      if (skip?.(found)) return 'pass'
      await sendEntry(found, prefix, send)
    })
  }
  gzip.end(Buffer.alloc(2 * block))
}

/** Folders as one compressed archive, read as it is asked for. Links stay links; pipes, sockets and devices are left out. */
export function archiveOf(parts: readonly Part[]): Readable {
  const gzip = createGzip({ level: 1 })
  writeAll(parts, gzip).catch((error) => gzip.destroy(error))
  return gzip
}
