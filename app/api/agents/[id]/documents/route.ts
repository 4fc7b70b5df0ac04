import { z } from 'zod'
import { addressHeader } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest, callerOf } from '@/server/core/gates.ts'
import { countUse } from '@/server/core/limits.ts'
import { refusalOf } from '@/server/core/rest.ts'
import { documentLimits } from '@/server/memory/schema.ts'
import { addDocument } from '@/server/memory/service.ts'

const paramsSchema = z.object({ id: z.uuid() })
const formSchema = z.object({ requestId: z.uuid(), file: z.instanceof(File) })

/** Adds a document to an agent: a form with one file and a request id. */
export async function POST(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'write')
    const target = paramsSchema.safeParse(await params)
    if (!target.success) throw new AppError('NOT_FOUND', 'There is no such agent, or it is not shared with you.', 'id', { key: 'noAgent' })
    await countUse('upload', await callerOf(request.headers), request.headers.get(addressHeader))
    const form = await request.formData().catch(() => null)
    const parsed = formSchema.safeParse(form && Object.fromEntries(form))
    if (!parsed.success) throw new AppError('BAD_REQUEST', 'Send one file and a request id as a form.', 'file', { key: 'noFile' })
    const { requestId, file } = parsed.data
    const megabytes = documentLimits.bytes / 1024 ** 2
    if (file.size > documentLimits.bytes)
      throw new AppError('TOO_LARGE', `A file may have ${megabytes} MB.`, 'file', { key: 'fileTooLarge', values: { megabytes } })
    const bytes = new Uint8Array(await file.arrayBuffer())
    return Response.json(await addDocument(actor.id, target.data.id, { requestId, name: file.name, bytes }), { status: 201 })
  } catch (err) {
    return refusalOf(err, 'a document could not be taken')
  }
}
