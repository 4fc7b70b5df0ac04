import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { recordSignIn } from '@/server/accounts/service.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import { maxTokenChars } from '@/server/core/id-token.ts'
import { countUse } from '@/server/core/limits.ts'
import { HttpError, refusalOf } from '@/server/core/rest.ts'
import { jsonBody } from '@/server/core/rest-body.ts'
import { signInWithToken } from '@/server/core/token-sign-in.ts'

const bodySchema = z.object({ token: z.string().min(1).max(maxTokenChars) })

async function answer(request: Request): Promise<Response> {
  const from = { address: request.headers.get(addressHeader), userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? null }
  await countUse('signIn', { actor: null, via: null }, from.address)
  const body = await jsonBody(request, 2 * maxTokenChars)
  const parsed = bodySchema.safeParse({ token: body.token ?? body.credential })
  if (!parsed.success) throw new AppError('BAD_REQUEST', 'Send Google’s ID token as "token".', 'token')
  const { user, cookie } = await signInWithToken(parsed.data.token, from, recordSignIn)
  return Response.json({ success: true, user }, { headers: { 'set-cookie': cookie, 'cache-control': 'no-store' } })
}

async function numbered(work: () => Promise<Response>): Promise<Response> {
  const requestId = randomUUID()
  const response = await work().catch((err) => refusalOf(err, 'a sign-in with an ID token failed', { requestId }))
  response.headers.set('x-request-id', requestId)
  return response
}

/** An ID token of Google becomes a session: `{token}`, or `{credential}` as Google's own button names it. */
export const POST = (request: Request) => numbered(() => answer(request))

const otherMethod = () =>
  numbered(async () => refusalOf(new HttpError(405, 'This address answers to POST.'), '', { headers: { allow: 'POST, OPTIONS' } }))

export { otherMethod as DELETE, otherMethod as GET, otherMethod as PATCH, otherMethod as PUT }
