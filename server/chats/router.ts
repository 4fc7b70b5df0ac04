import { countUse } from '@/server/core/limits.ts'
import { betaProcedure, limitedBy, publicProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import * as schema from './schema.ts'
import * as service from './service.ts'

const tags = ['Conversations']
const protect = true
const done = { done: true } as const

export const chatsRouter = router({
  /** Begins a conversation. */
  create: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats', summary: 'Begin a conversation', tags, protect } })
    .use(limitedBy('chat'))
    .input(schema.createChatInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.createChat(ctx.actorId, input)),
  /** Pinned ones, then the latest; with words to look for those that have them. */
  list: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/chats', summary: 'Your conversations, and a search in them', tags, protect } })
    .input(schema.listChatsInput)
    .output(schema.listChatsOutput)
    .query(async ({ ctx, input }) => {
      if (input.search) await countUse('search', ctx.caller, ctx.address)
      return service.listChats(ctx.actorId, input)
    }),
  unread: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/chats/unread', summary: 'How many conversations have something new', tags, protect } })
    .output(schema.unreadOutput)
    .query(async ({ ctx }) => ({ unread: await service.unreadCount(ctx.actorId) })),
  /** What is left to this person today. */
  quota: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/chats/quota', summary: 'What is left to you today', tags, protect } })
    .output(schema.quotaSchema)
    .query(({ ctx }) => service.quotaOf(ctx.actorId)),
  get: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/chats/{id}', summary: 'A conversation', tags, protect } })
    .input(schema.chatInput)
    .output(schema.chatSchema)
    .query(({ ctx, input }) => service.chatFor(ctx.actorId, input.id)),
  /** Messages of the branch that is shown. */
  messages: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/chats/{id}/messages', summary: 'Messages of a conversation', tags, protect } })
    .input(schema.messagesInput)
    .output(schema.messagesOutput)
    .query(({ ctx, input }) => service.messagesPage(ctx.actorId, input)),
  /** Shows the branch that has a message. */
  select: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/select', summary: 'Show another branch', tags, protect } })
    .input(schema.selectInput)
    .output(schema.selectOutput)
    .mutation(async ({ ctx, input }) => ({ leafId: await service.selectBranch(ctx.actorId, input.id, input.messageId) })),
  rename: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/rename', summary: 'Name a conversation', tags, protect } })
    .input(schema.renameInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.renameChat(ctx.actorId, input.id, input.title)),
  pin: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/pin', summary: 'Keep a conversation above the others, or not', tags, protect } })
    .input(schema.pinInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.pinChat(ctx.actorId, input.id, input.pinned)),
  archive: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/archive', summary: 'Put a conversation away, or take it out', tags, protect } })
    .input(schema.archiveInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.archiveChat(ctx.actorId, input.id, input.archived)),
  /** Ends what is at work in a conversation. */
  close: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/close', summary: 'Close a conversation', tags, protect } })
    .input(schema.chatInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.closeChat(ctx.actorId, input.id)),
  reopen: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/reopen', summary: 'Open a closed conversation again', tags, protect } })
    .input(schema.chatInput)
    .output(schema.chatSchema)
    .mutation(({ ctx, input }) => service.reopenChat(ctx.actorId, input.id)),
  /** Removes a conversation for good, with its files. */
  delete: betaProcedure
    .meta({ openapi: { method: 'DELETE', path: '/chats/{id}', summary: 'Delete a conversation', tags, protect } })
    .input(schema.chatInput)
    .output(schema.doneOutput)
    .mutation(async ({ ctx, input }) => {
      await service.deleteChat(ctx.actorId, input.id)
      return done
    }),
  markRead: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/read', summary: 'Say that you have seen what is new', tags, protect } })
    .input(schema.chatInput)
    .output(schema.doneOutput)
    .mutation(async ({ ctx, input }) => {
      await service.markRead(ctx.actorId, input.id)
      return done
    }),
  /** Makes a link that shows a conversation to whoever has it; the one before shows nothing any more. */
  share: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/chats/{id}/share', summary: 'Share a conversation by a link', tags, protect } })
    .input(schema.chatInput)
    .output(schema.shareOutput)
    .mutation(({ ctx, input }) => service.shareChat(ctx.actorId, input.id)),
  unshare: betaProcedure
    .meta({ openapi: { method: 'DELETE', path: '/chats/{id}/share', summary: 'Let no link show a conversation', tags, protect } })
    .input(schema.chatInput)
    .output(schema.doneOutput)
    .mutation(async ({ ctx, input }) => {
      await service.unshareChat(ctx.actorId, input.id)
      return done
    }),
  /** What a link shows; the secret is proof enough. */
  shared: publicProcedure
    .meta({ openapi: { method: 'GET', path: '/shared/{secret}', summary: 'A shared conversation', tags, protect: false } })
    .use(limitedBy('shared'))
    .input(schema.sharedInput)
    .output(schema.sharedOutput)
    .query(({ input }) => service.sharedPage(input.secret, input.before)),
})
