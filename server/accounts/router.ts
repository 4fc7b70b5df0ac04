import { z } from 'zod'
import { limitedBy, publicProcedure, sessionProcedure, userProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { meSchema, profileInput, profileSchema, sessionsInput, sessionsOutput, signInSchema } from './schema.ts'
import {
  changeProfile,
  endEverySession,
  endOtherSessions,
  endSession,
  finishOnboarding,
  listSessions,
  profileOf,
  signInState,
} from './service.ts'

const tags = ['Account']
const endedSchema = z.object({ ended: z.number().int() })

export const accountsRouter = router({
  me: publicProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/me',
        summary: 'The person who asks, or null for somebody who is not signed in',
        tags: ['Account'],
        protect: false,
      },
    })
    .output(meSchema.nullable())
    .query(({ ctx }) => {
      if (!ctx.caller.actor) return null
      const { email, name, image, admin, approved, onboarded, locale, theme } = ctx.caller.actor
      return { email, name, image, admin, approved, onboarded, locale, theme }
    }),
  signIn: publicProcedure
    .meta({
      openapi: { method: 'GET', path: '/sign-in', summary: 'How this installation signs people in', tags: ['Account'], protect: false },
    })
    .output(signInSchema)
    .query(() => signInState()),
  profile: userProcedure
    .meta({ openapi: { method: 'GET', path: '/account/profile', summary: 'Your profile', tags, protect: true } })
    .output(profileSchema)
    .query(({ ctx }) => profileOf(ctx.actorId)),
  /** Changes the name, the language or the theme; what is left out stays. */
  changeProfile: userProcedure
    .meta({
      openapi: { method: 'PATCH', path: '/account/profile', summary: 'Change your name, language or theme', tags, protect: true },
    })
    .use(limitedBy('account'))
    .input(profileInput)
    .output(profileSchema)
    .mutation(({ ctx, input }) => changeProfile(ctx.actorId, input)),
  /** The way in was shown, or passed over: it is not shown by itself again. */
  finishOnboarding: userProcedure
    .meta({ openapi: { method: 'POST', path: '/account/onboarding', summary: 'Finish or skip the introduction', tags, protect: true } })
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx }) => {
      await finishOnboarding(ctx.actorId)
      return { ok: true }
    }),
  /** Where the person is signed in. */
  sessions: sessionProcedure
    .meta({ openapi: { method: 'GET', path: '/account/sessions', summary: 'Where you are signed in', tags, protect: true } })
    .input(sessionsInput)
    .output(sessionsOutput)
    .query(({ ctx, input }) => listSessions(ctx.actorId, ctx.caller.via, input.cursor)),
  endSession: sessionProcedure
    .meta({ openapi: { method: 'DELETE', path: '/account/sessions/{id}', summary: 'Sign out of one browser', tags, protect: true } })
    .use(limitedBy('account'))
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await endSession(ctx.actorId, input.id)
      return { ok: true }
    }),
  endOtherSessions: sessionProcedure
    .meta({
      openapi: { method: 'DELETE', path: '/account/sessions', summary: 'Sign out of every browser but this one', tags, protect: true },
    })
    .use(limitedBy('account'))
    .output(endedSchema)
    .mutation(async ({ ctx }) => ({ ended: await endOtherSessions(ctx.actorId, ctx.caller.via) })),
  signOutEverywhere: sessionProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/account/sign-out-everywhere',
        summary: 'Sign out of every browser, this one too',
        tags,
        protect: true,
      },
    })
    .use(limitedBy('account'))
    .output(endedSchema)
    .mutation(async ({ ctx }) => ({ ended: await endEverySession(ctx.actorId) })),
})
