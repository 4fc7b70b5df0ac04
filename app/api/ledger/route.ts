import { ledgerAllFilterSchema, ledgerDetailedLimit } from '@/server/ai/schema.ts'
import { ledgerCsv } from '@/server/ai/service.ts'
import { serverCaller } from '@/server/caller.ts'
import { AppError } from '@/server/core/errors.ts'
import { downloadHeaders, refusalOf } from '@/server/core/rest.ts'

/** What was sent to models, as CSV, for administrators; the filters are those of the page. */
export async function GET(request: Request): Promise<Response> {
  try {
    const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== '')
    const parsed = ledgerAllFilterSchema.safeParse(Object.fromEntries(given))
    if (!parsed.success) throw new AppError('BAD_REQUEST', 'This filter cannot be read.', parsed.error.issues[0]?.path.join('.'))
    // Each page asks the gate anew, so an administrator who is dismissed meanwhile gets no more of it.
    const file = await ledgerCsv(async (before) => {
      const api = await serverCaller(request.headers)
      return api.ai.ledgerAll({ ...parsed.data, before, limit: ledgerDetailedLimit, detail: 'all' })
    })
    return new Response(file, { headers: downloadHeaders('text/csv; charset=utf-8', 'attachment; filename="ledger.csv"') })
  } catch (err) {
    return refusalOf((err as Error).cause ?? err, 'the ledger could not be exported')
  }
}
