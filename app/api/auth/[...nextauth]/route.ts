import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { recordSignIn } from '@/server/accounts/service.ts'
import { authOptions } from '@/server/core/auth.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { AppError, publicError } from '@/server/core/errors.ts'
import { countUse } from '@/server/core/limits.ts'
import { refusalOf } from '@/server/core/rest.ts'

/** The way out to the identity provider, and the way back by either method: what is counted. */
const counted = new Set(['POST signin', 'GET callback', 'POST callback'])
const toldOnPage = '/sign-in?error=TooManyRequests'

/** Tells a browser on its sign-in page, and everybody else in the form of REST, why this goes no further. */
async function tooMany(request: NextRequest, err: unknown): Promise<Response> {
  const refusal = refusalOf(err, 'a sign-in could not be counted')
  if (publicError(err).code !== 'TOO_MANY_REQUESTS') return refusal
  if (request.headers.get('accept')?.includes('text/html')) {
    return new Response(null, { status: 303, headers: { ...Object.fromEntries(refusal.headers), location: toldOnPage } })
  }
  // The library's script in the page goes where `url` says, whatever the status.
  return Response.json({ ...(await refusal.json()), url: toldOnPage }, { status: refusal.status, headers: refusal.headers })
}

// The options are made per request: the identity provider is known only once the server has started.
const handler = async (request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) => {
  const address = request.headers.get(addressHeader)
  const [action] = (await context.params).nextauth
  // The library would write into our log whatever anybody sends here.
  if (action === '_log') return refusalOf(new AppError('NOT_FOUND', 'There is no such address.'), '')
  if (counted.has(`${request.method} ${action}`)) {
    try {
      await countUse('signIn', { actor: null, via: null }, address)
    } catch (err) {
      return tooMany(request, err)
    }
  }
  const from = { address, userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? null }
  try {
    return await NextAuth(request, context as never, authOptions(recordSignIn, from))
  } catch (err) {
    const unreadable = err instanceof SyntaxError ? new AppError('BAD_REQUEST', 'The body is no JSON.') : err
    return refusalOf(unreadable, 'a sign-in broke')
  }
}

export { handler as GET, handler as POST }
