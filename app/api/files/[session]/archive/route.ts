import { Readable } from 'node:stream'
import { z } from 'zod'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest, spaceForActor } from '@/server/core/gates.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'
import { archive } from '@/server/files/service.ts'

const paramsSchema = z.object({ session: z.uuid() })

/** All files of a conversation as one archive. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'read')
    const parsed = paramsSchema.safeParse(await params)
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such conversation.', undefined, { key: 'noChat' })
    const packed = await archive(await spaceForActor(actor.id), parsed.data.session)
    const headers = downloadHeaders('application/gzip', 'attachment; filename="files.tar.gz"')
    return new Response(Readable.toWeb(packed) as ReadableStream<Uint8Array>, { headers })
  } catch (err) {
    return refusalOf(err, 'the files of a conversation could not be read')
  }
}
