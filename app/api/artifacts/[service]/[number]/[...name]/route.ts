import { z } from 'zod'
import { artifactNameSchema } from '@/server/artifacts/schema.ts'
import { attachmentHeader, buildIdOf, getArtifact } from '@/server/artifacts/service.ts'
import { buildNumberSchema } from '@/server/builds/schema.ts'
import { AppError } from '@/server/core/errors.ts'
import { projectForRequest } from '@/server/core/gates.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

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

/** An artifact as a download. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const parsed = paramsSchema.safeParse(await params)
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such artifact.')
    const projectId = await projectForRequest(request, parsed.data.service)
    const { meta, bytes } = await getArtifact(projectId, await buildIdOf(projectId, parsed.data.number), parsed.data.name)
    const headers = {
      ...downloadHeaders(meta.mediaType, attachmentHeader(meta.name)),
      'content-length': String(bytes.length),
      etag: `"${meta.sha256}"`,
    }
    return new Response(new Uint8Array(bytes), { headers })
  } catch (err) {
    return refusalOf(err, 'an artifact could not be read')
  }
}
