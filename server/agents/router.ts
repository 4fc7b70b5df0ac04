import { z } from 'zod'
import { betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import * as schema from './schema.ts'
import * as service from './service.ts'

const meta = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: `/${string}`, summary: string) => ({
  openapi: { method, path, summary, tags: ['Agents'], protect: true },
})

export const agentsRouter = router({
  list: betaProcedure
    .meta(meta('GET', '/agents', 'Your agents, and those that others share with you'))
    .input(schema.listAgentsInput)
    .output(schema.listAgentsOutput)
    .query(({ ctx, input }) => service.listAgents(ctx.actorId, input)),
  /** What a new agent may begin with. */
  templates: betaProcedure
    .meta(meta('GET', '/agents/templates', 'What a new agent may begin with'))
    .output(z.object({ items: z.array(schema.agentTemplateSchema) }))
    .query(() => ({ items: [...service.templates] })),
  get: betaProcedure
    .meta(meta('GET', '/agents/{id}', 'An agent; secrets of its MCP servers are masked'))
    .input(schema.agentIdInput)
    .output(schema.agentSchema)
    .query(({ ctx, input }) => service.getAgent(ctx.actorId, input.id)),
  create: betaProcedure
    .meta(meta('POST', '/agents', 'Make an agent'))
    .use(limitedBy('agents'))
    .input(schema.createAgentInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input: { requestId, ...draft } }) => service.createAgent(ctx.act, ctx.actorId, requestId, draft)),
  /** Saves an agent whole; a masked secret keeps what is stored. */
  edit: betaProcedure
    .meta(meta('PUT', '/agents/{id}', 'Change an agent; whatever changes makes a new version'))
    .use(limitedBy('agents'))
    .input(schema.editAgentInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input: { id, version, ...draft } }) => service.editAgent(ctx.act, ctx.actorId, id, version, draft)),
  duplicate: betaProcedure
    .meta(meta('POST', '/agents/{id}/duplicate', 'Make a private copy of an agent of yours'))
    .use(limitedBy('agents'))
    .input(schema.duplicateAgentInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input }) => service.duplicateAgent(ctx.act, ctx.actorId, input.id, input.requestId, input.name)),
  archive: betaProcedure
    .meta(meta('POST', '/agents/{id}/archive', 'Put an agent away, or take it out again'))
    .input(schema.archiveAgentInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input }) => service.archiveAgent(ctx.actorId, input.id, input.archived)),
  pause: betaProcedure
    .meta(meta('POST', '/agents/{id}/pause', 'Pause an agent: it refuses runs'))
    .input(schema.agentIdInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input }) => service.setAgentStatus(ctx.actorId, input.id, 'paused')),
  resume: betaProcedure
    .meta(meta('POST', '/agents/{id}/resume', 'Let an agent run, and forget the errors it had'))
    .input(schema.agentIdInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input }) => service.setAgentStatus(ctx.actorId, input.id, 'active')),
  remove: betaProcedure
    .meta(meta('DELETE', '/agents/{id}', 'Delete an agent with its versions and documents'))
    .input(schema.agentIdInput)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await service.deleteAgent(ctx.act, ctx.actorId, input.id)
      return { ok: true }
    }),
  /** Tries out an MCP server of a form. */
  checkMcp: betaProcedure
    .meta(meta('POST', '/agents/mcp-check', 'Try out an MCP server: whether it answers, and which tools it has'))
    .use(limitedBy('mcp'))
    .input(schema.checkMcpInput)
    .output(schema.checkMcpOutput)
    .mutation(({ ctx, input }) => service.checkMcp(ctx.actorId, input)),
  versions: betaProcedure
    .meta(meta('GET', '/agents/{id}/versions', 'The versions of an agent of yours, newest first'))
    .input(schema.agentIdInput)
    .output(schema.versionsOutput)
    .query(async ({ ctx, input }) => ({ items: await service.versionsOf(ctx.actorId, input.id) })),
  difference: betaProcedure
    .meta(meta('GET', '/agents/{id}/difference', 'What one version says otherwise than another'))
    .input(schema.differenceInput)
    .output(schema.differenceOutput)
    .query(({ ctx, input }) => service.versionDifference(ctx.actorId, input.id, input.from, input.to)),
  rollback: betaProcedure
    .meta(meta('POST', '/agents/{id}/rollback', 'Make an earlier version the newest one'))
    .use(limitedBy('agents'))
    .input(schema.rollbackAgentInput)
    .output(schema.agentSchema)
    .mutation(({ ctx, input }) => service.rollbackAgent(ctx.act, ctx.actorId, input.id, input.version, input.number)),
})
