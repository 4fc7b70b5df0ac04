import { z } from 'zod'
import { attachmentHeader, buildIdOf, getArtifact } from '@/server/artifacts/service.ts'
import { AppError, httpStatus, publicError } from '@/server/core/errors.ts'
import { actorFromSession, projectForActor } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'

const paramsSchema = z.object({ service: z.string(), number: z.coerce.number().int().min(1), name: z.array(z.string()).min(1) })

/** An artifact as a download. What a build made is never shown as a page of ours, whatever it says it is. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const parsed = paramsSchema.safeParse(await params)
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such artifact.')
    const actor = await actorFromSession(request.headers.get('cookie'))
    if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    const { projectId } = await projectForActor(actor.id, parsed.data.service)
    const name = parsed.data.name.map((part) => decodeURIComponent(part)).join('/')
    const { meta, bytes } = await getArtifact(projectId, await buildIdOf(projectId, parsed.data.number), name)
    const headers = {
      'content-type': meta.mediaType,
      'content-length': String(bytes.length),
      'content-disposition': attachmentHeader(meta.name),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      etag: `"${meta.sha256}"`,
    }
    return new Response(new Uint8Array(bytes), { headers })
  } catch (err) {
    const shown = publicError(err)
    if (shown.code === 'INTERNAL') logger.error({ err }, 'an artifact could not be read')
    return Response.json({ success: false, error_code: shown.code, message: shown.message }, { status: httpStatus[shown.code] })
  }
}
