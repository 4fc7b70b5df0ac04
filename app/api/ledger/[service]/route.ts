import { z } from 'zod'
import { ledgerDetailedLimit, ledgerFilterSchema } from '@/server/ai/schema.ts'
import { ledgerCsv } from '@/server/ai/service.ts'
import { attachmentHeader } from '@/server/artifacts/service.ts'
import { serverCaller } from '@/server/caller.ts'
import { AppError } from '@/server/core/errors.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

const paramsSchema = z.object({ service: z.string().min(1).max(64) })

/** What was sent to models for one project, as CSV, for its members; the filters are those of the page. */
export async function GET(request: Request, { params }: { params: Promise<unknown> }): Promise<Response> {
  try {
    const named = paramsSchema.safeParse(await params)
    if (!named.success) throw new AppError('NOT_FOUND', 'There is no such service.')
    const { service } = named.data
    const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== '')
    const parsed = ledgerFilterSchema.safeParse(Object.fromEntries(given))
    if (!parsed.success) throw new AppError('BAD_REQUEST', 'This filter cannot be read.', parsed.error.issues[0]?.path.join('.'))
    // Each page asks the gate anew, so who is no member any more gets no more of it.
    const file = await ledgerCsv(async (before) => {
      const api = await serverCaller(request.headers)
      return api.ai.ledger({ ...parsed.data, service, before, limit: ledgerDetailedLimit, detail: 'all' })
    })
    return new Response(file, { headers: downloadHeaders('text/csv; charset=utf-8', attachmentHeader(`${service}-ledger.csv`)) })
  } catch (err) {
    return refusalOf((err as Error).cause ?? err, 'a ledger could not be exported')
  }
}
