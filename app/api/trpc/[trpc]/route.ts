import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { contextFromHeaders } from '@/server/caller.ts'
import { batchLimit, contextOrRefusal, retryAfterOf } from '@/server/core/trpc.ts'
import { appRouter } from '@/server/router.ts'

const handler = (request: Request) =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize: batchLimit,
    createContext: () => contextOrRefusal(() => contextFromHeaders(request.headers)),
    responseMeta: ({ errors }) => {
      const seconds = retryAfterOf(errors)
      return seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } }
    },
  })

export { handler as GET, handler as POST }
