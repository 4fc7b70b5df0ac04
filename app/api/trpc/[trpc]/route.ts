import { randomUUID } from 'node:crypto'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { actorFromSession } from '@/server/core/gates.ts'
import { batchLimit } from '@/server/core/trpc.ts'
import { appRouter } from '@/server/router.ts'

const handler = (request: Request) =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize: batchLimit,
    createContext: async () => ({ actor: await actorFromSession(request.headers.get('cookie')), requestId: randomUUID() }),
  })

export { handler as GET, handler as POST }
