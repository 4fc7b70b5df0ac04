import { z } from 'zod'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { exportFormats } from '@/server/chats/schema.ts'
import { exportChat } from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest } from '@/server/core/gates.ts'
import { downloadHeaders, refusalOf, streamedText } from '@/server/core/rest.ts'

const paramsSchema = z.object({ id: z.uuid(), format: z.enum(exportFormats), all: z.enum(['0', '1']).default('0') })
const mediaTypes = { md: 'text/markdown; charset=utf-8', json: 'application/json; charset=utf-8' }

/** A conversation as a file: `format=md|json`, with `all=1` every branch of it. */
export async function GET(request: Request, { params }: { params: Promise<object> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'read')
    const asked = Object.fromEntries(new URL(request.url).searchParams)
    const target = paramsSchema.safeParse({ ...asked, ...(await params) })
    if (!target.success) throw new AppError('NOT_FOUND', 'There is no such conversation, or no such format.', 'id', { key: 'noChat' })
    const { id, format, all } = target.data
    const pieces = await exportChat(actor.id, id, format, all === '1')
    const headers = downloadHeaders(mediaTypes[format], attachmentHeader(`conversation-${id}.${format}`))
    return new Response(streamedText(pieces), { headers })
  } catch (err) {
    return refusalOf(err, 'a conversation could not be exported')
  }
}
