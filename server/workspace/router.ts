import { z } from 'zod'
import { engines } from '@/server/agents/schema.ts'
import { adminProcedure, betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  approvalSchema,
  decideInput,
  engineInstallOutput,
  eventsInput,
  eventsOutput,
  regenerateInput,
  runInput,
  sendInput,
  startedOutput,
} from './schema.ts'
import { approvalsOf, decideApproval, engineInstall, engineStates, eventsOf, installEngine, regenerate, send, stopRun } from './service.ts'

const tags = ['Workspace']
const ok = z.object({ ok: z.literal(true) })
const engineState = z.object({
  name: z.enum(engines),
  available: z.boolean(),
  version: z.string().nullable(),
  installBytes: z.number().nullable(),
  installing: z.boolean(),
})

export const workspaceRouter = router({
  /** Says something in a conversation and has it answered. */
  send: betaProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/chats/{sessionId}/messages',
        summary: 'Say something in a conversation and have it answered',
        tags,
        protect: true,
      },
    })
    .use(limitedBy('say'))
    .input(sendInput)
    .output(startedOutput)
    .mutation(({ ctx, input }) => send(ctx.actorId, input)),
  /** Answers a message once more, in another branch. */
  regenerate: betaProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/chats/{sessionId}/messages/{messageId}/regenerate',
        summary: 'Have a message answered once more',
        tags,
        protect: true,
      },
    })
    .use(limitedBy('say'))
    .input(regenerateInput)
    .output(startedOutput)
    .mutation(({ ctx, input }) => regenerate(ctx.actorId, input)),
  stop: betaProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/chats/{sessionId}/runs/{runId}/stop',
        summary: 'Stop an answer that is being made',
        tags,
        protect: true,
      },
    })
    .input(runInput)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await stopRun(ctx.actorId, input)
      return { ok: true as const }
    }),
  /** What happened in a run after one of its events. */
  events: betaProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/chats/{sessionId}/runs/{runId}/events',
        summary: 'Events of an answer in the making, after one of them',
        tags,
        protect: true,
      },
    })
    .input(eventsInput.extend({ after: z.coerce.number().int().min(0) }))
    .output(eventsOutput)
    .query(({ ctx, input }) => eventsOf(ctx.actorId, input)),
  /** Every tool call that waits for this person's word. */
  approvals: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/approvals', summary: 'Tool calls that wait for your word', tags, protect: true } })
    .output(z.array(approvalSchema))
    .query(({ ctx }) => approvalsOf(ctx.actorId)),
  decide: betaProcedure
    .meta({ openapi: { method: 'POST', path: '/approvals/{approvalId}', summary: 'Allow or deny a tool call', tags, protect: true } })
    .input(decideInput)
    .output(z.object({ state: approvalSchema.shape.state, counted: z.boolean() }))
    .mutation(({ ctx, input }) => decideApproval(ctx.actorId, input)),
  engines: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/engines', summary: 'What can drive an agent here', tags, protect: true } })
    .output(z.array(engineState))
    .query(() => engineStates()),
  /** How far the installation of Claude Code has come, and whether the person may begin it. */
  engineInstall: betaProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/engines/claude-code/install',
        summary: 'How far the installation of Claude Code is',
        tags,
        protect: true,
      },
    })
    .output(engineInstallOutput)
    .query(({ ctx }) => engineInstall(ctx.actor.admin)),
  /** Begins to install Claude Code where that is not done or under way. */
  installEngine: adminProcedure
    .meta({ openapi: { method: 'POST', path: '/engines/claude-code/install', summary: 'Install Claude Code', tags, protect: true } })
    .output(engineInstallOutput)
    .mutation(({ ctx }) => installEngine(ctx.act)),
})
