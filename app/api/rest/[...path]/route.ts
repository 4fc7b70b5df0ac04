import { contextFromHeaders } from '@/server/caller.ts'
import { restHandler } from '@/server/core/rest-handler.ts'
import { appRouter } from '@/server/router.ts'

/** The same procedures as tRPC's, as REST. */
const handler = restHandler(appRouter, contextFromHeaders)

export { handler as DELETE, handler as GET, handler as HEAD, handler as OPTIONS, handler as PATCH, handler as POST, handler as PUT }
