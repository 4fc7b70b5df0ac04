import { z } from 'zod'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest, callerOf, spaceForActor } from '@/server/core/gates.ts'
import { countUse } from '@/server/core/limits.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'
import { fileLimits } from '@/server/files/schema.ts'
import { readBytes, uploadFile } from '@/server/files/service.ts'

const inputSchema = z.object({ session: z.uuid(), path: z.string().min(1).max(fileLimits.pathLength) })
const shownBytes = 64 * 1024 * 1024

async function inputOf(request: Request, params: Promise<unknown>) {
  const path = new URL(request.url).searchParams.get('path') ?? undefined
  const parsed = inputSchema.safeParse({ ...Object(await params), path })
  if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such file.', 'path', { key: 'fileMissing' })
  return parsed.data
}

/** One file of a conversation as it is, with `?path=`. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'read')
    const { session, path } = await inputOf(request, params)
    const { bytes, mediaType } = await readBytes(await spaceForActor(actor.id), session, path, shownBytes)
    const headers = { ...downloadHeaders(mediaType, attachmentHeader(path)), 'content-length': String(bytes.length) }
    return new Response(new Uint8Array(bytes), { headers })
  } catch (err) {
    return refusalOf(err, 'a file of a conversation could not be read')
  }
}

/** Stores one file that a person brings; what stood at its path before is replaced, unless `If-None-Match: *` says that nothing may. */
export async function PUT(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'write')
    const { session, path } = await inputOf(request, params)
    await countUse('files', await callerOf(request.headers), request.headers.get(addressHeader))
    const bytes = Buffer.from(await request.arrayBuffer())
    if (bytes.length > fileLimits.uploadBytes) {
      const mb = fileLimits.uploadBytes / 1024 ** 2
      const more = { key: 'uploadTooLarge', values: { mb } }
      throw new AppError('TOO_LARGE', `A file that is handed in here has at most ${mb} MB.`, undefined, more)
    }
    const expected = request.headers.get('if-none-match') === '*' ? { hash: null } : 'anything'
    const stored = await uploadFile(await spaceForActor(actor.id), session, path, bytes, expected)
    return Response.json(stored, { headers: { 'cache-control': 'no-store' } })
  } catch (err) {
    return refusalOf(err, 'a file could not be stored')
  }
}
