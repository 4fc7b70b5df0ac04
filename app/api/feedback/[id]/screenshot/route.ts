import { z } from 'zod'
import { serverCaller } from '@/server/caller.ts'
import { AppError } from '@/server/core/errors.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

const paramsSchema = z.object({ id: z.uuid() })

/** The picture that somebody added to their feedback, for administrators: saved as a file, or shown by a page of ours. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const parsed = paramsSchema.safeParse(await params)
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such picture.')
    const { mediaType, base64 } = await (await serverCaller(request.headers)).feedback.screenshot(parsed.data)
    const bytes = Buffer.from(base64, 'base64')
    const disposition = `attachment; filename="feedback-${parsed.data.id}.${mediaType.replace('image/', '')}"`
    return new Response(new Uint8Array(bytes), {
      headers: { ...downloadHeaders(mediaType, disposition), 'content-length': String(bytes.length) },
    })
  } catch (err) {
    return refusalOf((err as Error).cause ?? err, 'a picture could not be read')
  }
}
