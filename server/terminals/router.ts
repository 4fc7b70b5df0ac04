import { betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { previewInput, previewSchema, startPreviewInput, suggestionSchema, terminalsInput, terminalsOutput } from './schema.ts'
import { previewOf, startPreview, stopPreview, suggestPreview, terminalsOf } from './service.ts'

const route = <const Method extends 'GET' | 'POST' | 'DELETE'>(method: Method, rest: `/${string}`, summary: string) => ({
  openapi: { method, path: `/chats/{sessionId}${rest}` as const, summary, tags: ['Workspace'], protect: true },
})

/** Terminals of a conversation are opened over the socket; what can be asked about them stands here, and its preview. */
export const terminalsRouter = router({
  /** The terminals that run, and whether this machine can run any. */
  list: betaProcedure
    .meta(route('GET', '/terminals', 'List the terminals of a conversation'))
    .input(terminalsInput)
    .output(terminalsOutput)
    .query(({ ctx, input }) => terminalsOf(ctx.actorId, input.sessionId)),
  preview: betaProcedure
    .meta(route('GET', '/preview', 'The preview of a conversation’s app'))
    .input(previewInput)
    .output(previewSchema)
    .query(({ ctx, input }) => previewOf(ctx.actorId, input.sessionId)),
  /** What probably starts the app, from its files. */
  suggestion: betaProcedure
    .meta(route('GET', '/preview/suggestion', 'Suggest a command that starts a conversation’s app'))
    .input(previewInput)
    .output(suggestionSchema)
    .query(({ ctx, input }) => suggestPreview(ctx.actorId, input.sessionId)),
  /** Starts the app, or starts it anew; each start has another address. */
  startPreview: betaProcedure
    .meta(route('POST', '/preview', 'Start a conversation’s app'))
    .use(limitedBy('say'))
    .input(startPreviewInput)
    .output(previewSchema)
    .mutation(({ ctx, input }) => startPreview(ctx.actorId, input.sessionId, input.command)),
  stopPreview: betaProcedure
    .meta(route('DELETE', '/preview', 'Stop a conversation’s app'))
    .input(previewInput)
    .output(previewSchema)
    .mutation(({ ctx, input }) => stopPreview(ctx.actorId, input.sessionId)),
})
