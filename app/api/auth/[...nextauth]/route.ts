import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { recordSignIn } from '@/server/accounts/service.ts'
import { authOptions } from '@/server/core/auth.ts'

// The options are made per request: the identity provider is known only once the server has started.
const handler = (request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) =>
  NextAuth(request, context as never, authOptions(recordSignIn))

export { handler as GET, handler as POST }
