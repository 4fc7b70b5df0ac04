import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, brotliDecompress, brotliDecompressSync, constants } from 'node:zlib'
import { type Claims, claimsSchema, EnvelopeRefusal, type InnerRequest, innerRequestSchema, maxOpenedBytes } from './types.ts'

// Quality 1 packs source code at 250 MB/s to a third; deflate's fastest level is half as fast.
const packing = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
const unpacking = { maxOutputLength: maxOpenedBytes, chunkSize: 256 * 1024 }
/** Below it a trip to the thread pool takes longer than the work. */
const poolBytes = 64 * 1024
const [packLater, unpackLater] = [promisify(brotliCompress), promisify(brotliDecompress)]
const lineFeed = 0x0a

/** Claims and request as bytes: a line of JSON, then the body as it is. The body is not written into the JSON, which would escape it once more. @throws EnvelopeRefusal `oversized` */
export function pack(claims: Claims, { path, headers, body }: InnerRequest): Promise<Buffer> | Buffer {
  const bytes = Buffer.from(`${JSON.stringify({ claims, path, headers })}\n${body}`)
  if (bytes.length > maxOpenedBytes) throw new EnvelopeRefusal('oversized')
  return bytes.length < poolBytes ? brotliCompressSync(bytes, packing) : packLater(bytes, packing)
}

async function unpacked(packed: Uint8Array): Promise<Buffer> {
  try {
    return packed.length < poolBytes / 16 ? brotliDecompressSync(packed, unpacking) : await unpackLater(packed, unpacking)
  } catch (error) {
    throw new EnvelopeRefusal((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'oversized' : 'malformed')
  }
}

/**
 * What `pack` made. Never more than `maxOpenedBytes` are unpacked.
 * @throws EnvelopeRefusal `oversized`, `malformed`
 */
export async function unpack(packed: Uint8Array): Promise<{ claims: Claims; request: InnerRequest }> {
  const bytes = await unpacked(packed)
  const end = bytes.indexOf(lineFeed)
  if (end < 0 || !isUtf8(bytes)) throw new EnvelopeRefusal('malformed')
  let head: { claims?: unknown; path?: unknown; headers?: unknown }
  try {
    head = JSON.parse(bytes.toString('utf8', 0, end)) as typeof head
  } catch {
    throw new EnvelopeRefusal('malformed')
  }
  const claims = claimsSchema.safeParse(head?.claims)
  const request = innerRequestSchema.safeParse({ path: head?.path, headers: head?.headers, body: bytes.toString('utf8', end + 1) })
  if (!claims.success || !request.success) throw new EnvelopeRefusal('malformed')
  return { claims: claims.data, request: request.data }
}
