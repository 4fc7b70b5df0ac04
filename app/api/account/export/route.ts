import { attachmentHeader } from '@/server/artifacts/service.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { browserForRequest } from '@/server/core/gates.ts'
import { countUse } from '@/server/core/limits.ts'
import { registry } from '@/server/core/registry.ts'
import { downloadHeaders, refusalOf, streamedText } from '@/server/core/rest.ts'
import { exportOf } from '@/server/offboarding/service.ts'

/** All that is known of the person who asks, as one JSON file. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { actor, caller } = await browserForRequest(request)
    await countUse('export', caller, request.headers.get(addressHeader))
    const day = new Date(registry('clock').now()).toISOString().slice(0, 10)
    const headers = downloadHeaders('application/json; charset=utf-8', attachmentHeader(`maestro-${day}.json`))
    return new Response(streamedText(exportOf(actor.id)), { headers })
  } catch (err) {
    return refusalOf(err, 'an export could not be made')
  }
}
