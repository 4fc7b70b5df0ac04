import { z } from 'zod'
import { artifactNameSchema } from '@/server/artifacts/schema.ts'
import { attachmentHeader, buildIdOf, getArtifact } from '@/server/artifacts/service.ts'
import { buildNumberSchema } from '@/server/builds/schema.ts'
import { AppError, httpStatus, publicError } from '@/server/core/errors.ts'
import { actorFromSession, projectForActor } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'

const decoded = (part: string, context: z.RefinementCtx) => {
  try {
    return decodeURIComponent(part)
  } catch {
    context.addIssue('no readable name')
    return z.NEVER
  }
}
const name = z
  .array(z.string().transform(decoded))
  .transform((parts) => parts.join('/'))
  .pipe(artifactNameSchema)
const paramsSchema = z.object({ service: z.string(), number: z.coerce.number().pipe(buildNumberSchema), name })

/** An artifact as a download. What a build made is never shown as a page of ours, whatever it says it is. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const parsed = paramsSchema.safeParse(await params)
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such artifact.')
    const actor = await actorFromSession(request.headers.get('cookie'))
    if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    const { projectId } = await projectForActor(actor.id, parsed.data.service)
    const { meta, bytes } = await getArtifact(projectId, await buildIdOf(projectId, parsed.data.number), parsed.data.name)
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
