import { z } from 'zod'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { buildNumberSchema } from '@/server/builds/schema.ts'
import { buildConsole } from '@/server/builds/service.ts'
import { AppError, httpStatus, publicError } from '@/server/core/errors.ts'
import { actorFromSession, projectForActor } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { tagSchema } from '@/server/streams/schema.ts'

const paramsSchema = z.object({ service: z.string(), number: z.coerce.number().pipe(buildNumberSchema), stage: tagSchema.optional() })

/** Hands lines on as they are read, no faster than they are taken. */
function streamed(lines: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  const iterator = lines[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** A build's whole console as text, or one stage's with `?stage=<key>`. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const stage = new URL(request.url).searchParams.get('stage') ?? undefined
    const parsed = paramsSchema.safeParse({ ...Object(await params), stage })
    if (!parsed.success) throw new AppError('NOT_FOUND', 'There is no such build.')
    const { service, number } = parsed.data
    const actor = await actorFromSession(request.headers.get('cookie'))
    if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    const { projectId } = await projectForActor(actor.id, service)
    const lines = await buildConsole(projectId, number, stage)
    const headers = {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': attachmentHeader(`${service}-${number}${stage ? `-${stage}` : ''}.log`),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    }
    return new Response(streamed(lines), { headers })
  } catch (err) {
    const shown = publicError(err)
    if (shown.code === 'INTERNAL') logger.error({ err }, 'a console could not be read')
    return Response.json({ success: false, error_code: shown.code, message: shown.message }, { status: httpStatus[shown.code] })
  }
}
