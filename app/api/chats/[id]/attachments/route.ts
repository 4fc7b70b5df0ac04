import { z } from 'zod'
import { chatLimits } from '@/server/chats/schema.ts'
import { handIn } from '@/server/chats/service.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import { betaForRequest, callerOf } from '@/server/core/gates.ts'
import { countUse } from '@/server/core/limits.ts'
import { refusalOf } from '@/server/core/rest.ts'

const paramsSchema = z.object({ id: z.uuid() })
const formSchema = z.object({ requestId: z.uuid(), file: z.instanceof(File) })

async function formOf(request: Request): Promise<z.infer<typeof formSchema>> {
  const form = await request.formData().catch(() => null)
  const parsed = formSchema.safeParse(form && Object.fromEntries(form))
  if (!parsed.success) throw new AppError('BAD_REQUEST', 'Send one file and a request id as a form.', 'file', { key: 'noFile' })
  return parsed.data
}

/** Hands a file in to a conversation, to be sent with a message. */
export async function POST(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const actor = await betaForRequest(request, 'write')
    const target = paramsSchema.safeParse(await params)
    if (!target.success) throw new AppError('NOT_FOUND', 'There is no such conversation.', 'id', { key: 'noChat' })
    await countUse('upload', await callerOf(request.headers), request.headers.get(addressHeader))
    const { requestId, file } = await formOf(request)
    const megabytes = chatLimits.fileBytes / 1024 ** 2
    if (file.size > chatLimits.fileBytes)
      throw new AppError('TOO_LARGE', `A file may have ${megabytes} MB.`, 'file', { key: 'fileTooLarge', values: { megabytes } })
    const bytes = new Uint8Array(await file.arrayBuffer())
    return Response.json(await handIn(actor.id, target.data.id, { requestId, name: file.name, bytes }), { status: 201 })
  } catch (err) {
    return refusalOf(err, 'a file could not be taken')
  }
}
