import { z } from 'zod'
import { auditFilterSchema, exportFormats } from '@/server/audit/schema.ts'
import { exportEntries } from '@/server/audit/service.ts'
import { serverCaller } from '@/server/caller.ts'
import { AppError } from '@/server/core/errors.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

const querySchema = auditFilterSchema.extend({ format: z.enum(exportFormats).default('csv') })
const mediaTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' }
const entriesAtOnce = 500

/** The audit log as a file: `?format=csv` or `jsonl`, and the filters of its page. */
export async function GET(request: Request): Promise<Response> {
  try {
    const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== '')
    const parsed = querySchema.safeParse(Object.fromEntries(given))
    if (!parsed.success) throw new AppError('BAD_REQUEST', 'This filter cannot be read.', parsed.error.issues[0]?.path.join('.'))
    const { format, ...filter } = parsed.data
    // Each page asks the gate anew, so an administrator who is dismissed meanwhile gets no more of it.
    const page = async (before?: string) => {
      const api = await serverCaller(request.headers)
      return api.audit.list({ ...filter, before, limit: entriesAtOnce })
    }
    const first = await page()
    const body = exportEntries(format, (before) => (before ? page(before) : Promise.resolve(first)))
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await body.next()
        if (done) controller.close()
        else controller.enqueue(new Uint8Array(value))
      },
      async cancel() {
        await body.return(undefined)
      },
    })
    const disposition = `attachment; filename="audit-log.${format}"`
    return new Response(stream, { headers: downloadHeaders(mediaTypes[format], disposition) })
  } catch (err) {
    return refusalOf((err as Error).cause ?? err, 'the audit log could not be exported')
  }
}
