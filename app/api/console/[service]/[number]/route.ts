import { z } from 'zod'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { buildNumberSchema } from '@/server/builds/schema.ts'
import { buildConsole } from '@/server/builds/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { projectForRequest } from '@/server/core/gates.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'
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
    const lines = await buildConsole(await projectForRequest(request, service), number, stage)
    const disposition = attachmentHeader(`${service}-${number}${stage ? `-${stage}` : ''}.log`)
    return new Response(streamed(lines), { headers: downloadHeaders('text/plain; charset=utf-8', disposition) })
  } catch (err) {
    return refusalOf(err, 'a console could not be read')
  }
}
