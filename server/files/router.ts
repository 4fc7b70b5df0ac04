import { z } from 'zod'
import { spaceForActor } from '@/server/core/gates.ts'
import { betaProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  deleteFileInput,
  diffInput,
  diffOutput,
  fileInput,
  fileOutput,
  filesInput,
  moveFileInput,
  treeOutput,
  writeFileInput,
  writtenOutput,
} from './schema.ts'
import { deleteFile, diffOf, listTree, moveFile, readFile, writeFile } from './service.ts'

const ok = z.object({ ok: z.literal(true) })
const route = <const Method extends 'GET' | 'PUT' | 'POST' | 'DELETE'>(method: Method, rest: `/${string}`, summary: string) => ({
  openapi: { method, path: `/chats/{sessionId}${rest}` as const, summary, tags: ['Workspace'], protect: true },
})

/** A conversation's files, for its owner; tools of agents go by the service. */
export const filesRouter = router({
  /** All files and folders, in order. */
  tree: betaProcedure
    .meta(route('GET', '/files', 'List a conversation’s files'))
    .input(filesInput)
    .output(treeOutput)
    .query(async ({ ctx, input }) => {
      const { entries, cut, bytes } = await listTree(await spaceForActor(ctx.actorId), input.sessionId)
      return { entries, cut, bytes }
    }),
  /** One file, with its text where it is some. */
  read: betaProcedure
    .meta(route('GET', '/files/content', 'Read one of a conversation’s files'))
    .input(fileInput)
    .output(fileOutput)
    .query(async ({ ctx, input }) => readFile(await spaceForActor(ctx.actorId), input.sessionId, input.path)),
  /** Writes a text file; whoever does not know its latest content is told so. */
  write: betaProcedure
    .meta(route('PUT', '/files/content', 'Write one of a conversation’s files'))
    .input(writeFileInput)
    .output(writtenOutput)
    .mutation(async ({ ctx, input: { sessionId, path, text, hash } }) =>
      writeFile(await spaceForActor(ctx.actorId), sessionId, { path, text, expected: { hash } }),
    ),
  /** Deletes a file, or a folder with all that is in it. */
  delete: betaProcedure
    .meta(route('DELETE', '/files/content', 'Delete a file or folder of a conversation'))
    .input(deleteFileInput)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await deleteFile(await spaceForActor(ctx.actorId), input.sessionId, input.path)
      return { ok: true as const }
    }),
  /** Gives a file or folder another path. */
  move: betaProcedure
    .meta(route('POST', '/files/move', 'Move or rename a file or folder of a conversation'))
    .input(moveFileInput)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await moveFile(await spaceForActor(ctx.actorId), input.sessionId, input.path, input.to)
      return { ok: true as const }
    }),
  /** What agents changed: since the conversation began, or with one answer. */
  diff: betaProcedure
    .meta(route('GET', '/changes', 'See what agents changed in a conversation’s files'))
    .input(diffInput)
    .output(diffOutput)
    .query(async ({ ctx, input }) => diffOf(await spaceForActor(ctx.actorId), input.sessionId, input.messageId)),
})
