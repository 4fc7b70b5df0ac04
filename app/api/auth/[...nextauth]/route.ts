import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { recordSignIn } from '@/server/accounts/service.ts'
import { authOptions } from '@/server/core/auth.ts'
import { addressHeader } from '@/server/core/credentials.ts'

// The options are made per request: the identity provider is known only once the server has started.
const handler = (request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) => {
  const from = { address: request.headers.get(addressHeader), userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? null }
  return NextAuth(request, context as never, authOptions(recordSignIn, from))
}

export { handler as GET, handler as POST }
