import { createHash } from 'node:crypto'
import { apiDocument } from '@/server/caller.ts'
import { refusalOf } from '@/server/core/rest.ts'

let made: Promise<{ body: string; etag: string }> | undefined

async function make() {
  const body = JSON.stringify(await apiDocument())
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
}

/** The OpenAPI document; whoever has it already is told so. */
export async function GET(request: Request): Promise<Response> {
  try {
    made ??= make()
    const { body, etag } = await made
    const headers = { etag, 'cache-control': 'public, no-cache', 'content-type': 'application/json; charset=utf-8' }
    const known = request.headers.get('if-none-match')?.split(',') ?? []
    const same = known.some((one) => [etag, '*'].includes(one.trim().replace(/^W\//, '')))
    return same ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
  } catch (err) {
    return refusalOf(err, 'the OpenAPI document could not be made')
  }
}

export const dynamic = 'force-dynamic'
