import { z } from 'zod'
import { adminProcedure, limitedBy, ownerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  cancelOutput,
  destroyInput,
  destroyOutput,
  platformRingSchema,
  projectRingSchema,
  requestInput,
  rotateInput,
  rotateMasterOutput,
  rotateOutput,
  roundOutput,
} from './schema.ts'
import {
  cancelPlatformRound,
  cancelRound,
  destroyProjectKeys,
  platformRing,
  projectRing,
  reseal,
  resealPlatform,
  rotateKey,
  rotateMaster,
  rotatePlatformKey,
} from './service.ts'

type Method = 'GET' | 'POST' | 'DELETE'
const project = (method: Method, path: '' | `/${string}`, summary: string) => ({
  openapi: { method, path: `/projects/{service}/keys${path}` as const, summary, tags: ['Keys'], protect: true },
})
const platform = (method: Method, path: '' | `/${string}`, summary: string) => ({
  openapi: { method, path: `/admin/keys${path}` as const, summary, tags: ['Keys'], protect: true },
})

export const rotationRouter = router({
  keys: ownerProcedure
    .meta(project('GET', '', 'The keys of a project, what they seal, and the round of sealing anew'))
    .output(projectRingSchema)
    .query(({ ctx, input }) => projectRing(ctx.projectId, input.service)),
  rotate: ownerProcedure
    .meta(project('POST', '/rotations', 'Give a project a new key; what the old one sealed is sealed anew in the background'))
    .use(limitedBy('keys'))
    .input(rotateInput)
    .output(rotateOutput)
    .mutation(({ ctx, input }) => rotateKey(ctx.act, ctx.projectId, input)),
  reseal: ownerProcedure
    .meta(project('POST', '/rounds', 'Seal anew what the active key did not seal'))
    .use(limitedBy('keys'))
    .input(rotateInput)
    .output(roundOutput)
    .mutation(({ ctx, input }) => reseal(ctx.act, ctx.projectId, input)),
  cancel: ownerProcedure
    .meta(project('DELETE', '/rounds', 'End the round of sealing anew that goes on; nothing is lost by it'))
    .output(cancelOutput)
    .mutation(({ ctx, input }) => cancelRound(ctx.act, ctx.projectId, input.service)),
  destroy: ownerProcedure
    .meta(project('POST', '/destruction', 'Destroy all keys of a project: all that they sealed is unreadable for good'))
    .use(limitedBy('keys'))
    .input(destroyInput)
    .output(destroyOutput)
    .mutation(({ ctx, input }) => destroyProjectKeys(ctx.act, ctx.projectId, input)),
  platform: adminProcedure
    .meta(platform('GET', '', 'The master keys, the platform’s own keys, and every round of sealing anew'))
    .output(platformRingSchema)
    .query(() => platformRing()),
  rotateMaster: adminProcedure
    .meta(platform('POST', '/master', 'Make a new master key and wrap every key with it'))
    .use(limitedBy('keys'))
    .input(z.object({}))
    .output(rotateMasterOutput)
    .mutation(({ ctx }) => rotateMaster(ctx.act)),
  rotatePlatform: adminProcedure
    .meta(platform('POST', '/rotations', 'Give the platform a new key; what the old one sealed is sealed anew'))
    .use(limitedBy('keys'))
    .input(requestInput)
    .output(rotateOutput)
    .mutation(({ ctx, input }) => rotatePlatformKey(ctx.act, input)),
  resealPlatform: adminProcedure
    .meta(platform('POST', '/rounds', 'Seal anew what the platform’s active key did not seal'))
    .use(limitedBy('keys'))
    .input(requestInput)
    .output(roundOutput)
    .mutation(({ ctx, input }) => resealPlatform(ctx.act, input)),
  cancelPlatform: adminProcedure
    .meta(platform('DELETE', '/rounds', 'End the platform’s round of sealing anew'))
    .output(cancelOutput)
    .mutation(({ ctx }) => cancelPlatformRound(ctx.act)),
})
