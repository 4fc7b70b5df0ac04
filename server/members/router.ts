import { z } from 'zod'
import { limitedBy, ownerProcedure, projectProcedure, publicProcedure, userProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  changeRoleInput,
  invitationInput,
  invitationPageSchema,
  invitationSchema,
  invitationViewSchema,
  inviteInput,
  listMembersInput,
  memberInput,
  memberPageSchema,
  secretInput,
} from './schema.ts'
import {
  acceptInvitation,
  changeRole,
  declineInvitation,
  invitationsOf,
  invite,
  lookAtInvitation,
  membersOf,
  removeMember,
  withdrawInvitation,
} from './service.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const rest = (method: Method, path: `/${string}`, summary: string, protect = true) => ({
  openapi: { method, path, summary, tags: ['Members'], protect },
})
const done = z.object({ ok: z.literal(true) })
const ok = { ok: true } as const

export const membersRouter = router({
  list: projectProcedure
    .meta(rest('GET', '/projects/{service}/members', 'The members of a project'))
    .input(listMembersInput)
    .output(memberPageSchema)
    .query(({ ctx, input }) => membersOf(ctx.projectId, ctx.actorId, input)),
  changeRole: ownerProcedure
    .meta(rest('PATCH', '/projects/{service}/members/{userId}', 'Give a member another role'))
    .input(changeRoleInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await changeRole(ctx.act, ctx.projectId, input.userId, input.role)
      return ok
    }),
  remove: ownerProcedure
    .meta(rest('DELETE', '/projects/{service}/members/{userId}', 'Remove a member'))
    .input(memberInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await removeMember(ctx.act, ctx.projectId, input.userId)
      return ok
    }),
  leave: projectProcedure
    .meta(rest('POST', '/projects/{service}/leave', 'Leave a project'))
    .output(done)
    .mutation(async ({ ctx }) => {
      await removeMember(ctx.act, ctx.projectId, ctx.actorId)
      return ok
    }),
  invitations: ownerProcedure
    .meta(rest('GET', '/projects/{service}/invitations', 'Invitations that nobody has accepted yet'))
    .input(listMembersInput)
    .output(invitationPageSchema)
    .query(({ ctx, input }) => invitationsOf(ctx.projectId, input)),
  invite: ownerProcedure
    .meta(rest('POST', '/projects/{service}/invitations', 'Invite somebody by mail'))
    .use(limitedBy('invite'))
    .input(inviteInput)
    .output(invitationSchema)
    .mutation(({ ctx, input: { email, role, locale } }) =>
      invite(ctx.act, ctx.projectId, { email, role, locale: locale ?? ctx.actor.locale ?? 'en' }),
    ),
  withdraw: ownerProcedure
    .meta(rest('DELETE', '/projects/{service}/invitations/{id}', 'Take an invitation back'))
    .input(invitationInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await withdrawInvitation(ctx.act, ctx.projectId, input.id)
      return ok
    }),
  // A question, but asked like a change: the secret stands in no address and so in nobody's log.
  lookAt: publicProcedure
    .meta(rest('POST', '/invitations/look-up', 'What an invitation is to', false))
    .use(limitedBy('invitation'))
    .input(secretInput)
    .output(invitationViewSchema)
    .mutation(({ ctx, input }) => lookAtInvitation(input.secret, ctx.caller.actor)),
  accept: userProcedure
    .meta(rest('POST', '/invitations/accept', 'Accept an invitation'))
    .use(limitedBy('invitation'))
    .input(secretInput)
    .output(z.object({ service: z.string() }))
    .mutation(({ ctx, input }) => acceptInvitation(ctx.act, ctx.actorId, input.secret)),
  decline: userProcedure
    .meta(rest('POST', '/invitations/decline', 'Decline an invitation'))
    .use(limitedBy('invitation'))
    .input(secretInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await declineInvitation(ctx.act, ctx.actorId, input.secret)
      return ok
    }),
})
