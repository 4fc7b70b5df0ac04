import { z } from 'zod'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { imageTypes } from '@/server/chats/schema.ts'
import { ownAttachment } from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest } from '@/server/core/gates.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

const paramsSchema = z.object({ id: z.uuid() })

/** A file that its owner handed in: pictures may be shown, everything else is saved. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'read')
    const target = paramsSchema.safeParse(await params)
    if (!target.success) throw new AppError('NOT_FOUND', 'There is no such file.', 'id', { key: 'noAttachment' })
    const { attachment, bytes } = await ownAttachment(actor.id, target.data.id)
    const saved = attachmentHeader(attachment.name)
    const isPicture = (imageTypes as readonly string[]).includes(attachment.mediaType)
    const headers = downloadHeaders(attachment.mediaType, isPicture ? saved.replace(/^attachment/, 'inline') : saved)
    return new Response(new Uint8Array(bytes), { headers: { ...headers, 'content-length': String(bytes.length) } })
  } catch (err) {
    return refusalOf(err, 'a file could not be read')
  }
}
