import { approveUser } from '@/server/beta/service.ts'
import type { Act } from '@/server/core/gates.ts'
import { adminProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  doneSchema,
  listPeopleInput,
  listPeopleOutput,
  overviewSchema,
  peopleCountsSchema,
  personInput,
  personPageSchema,
  personSessionInput,
  sectionsSchema,
  suspendInput,
} from './schema.ts'
import {
  appointAdmin,
  dismissAdmin,
  endSessions,
  listPeople,
  overview,
  peopleCounts,
  personPage,
  restore,
  sections,
  suspend,
} from './service.ts'

const rest = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: `/${string}`, summary: string) => ({
  openapi: { method, path: `/admin${path}` as const, summary, tags: ['Administration'], protect: true },
})

/** An act on a person that needs to know no more than whom. */
const actOn = (method: 'PUT' | 'DELETE', path: `/${string}`, summary: string, work: (act: Act, id: string) => Promise<void>) =>
  adminProcedure
    .meta(rest(method, `/users/{id}${path}`, summary))
    .input(personInput)
    .output(doneSchema)
    .mutation(async ({ ctx, input }) => {
      await work(ctx.act, input.id)
      return { ok: true }
    })

export const administrationRouter = router({
  sections: adminProcedure
    .meta(rest('GET', '/sections', 'What waits for an administrator'))
    .output(sectionsSchema)
    .query(() => sections()),
  overview: adminProcedure
    .meta(rest('GET', '/overview', 'How the platform is and what it is used for'))
    .output(overviewSchema)
    .query(() => overview()),
  users: adminProcedure
    .meta(rest('GET', '/users', 'People, searched, filtered and sorted'))
    .input(listPeopleInput)
    .output(listPeopleOutput)
    .query(({ input }) => listPeople(input)),
  userCounts: adminProcedure
    .meta(rest('GET', '/user-counts', 'How many people there are in each state'))
    .output(peopleCountsSchema)
    .query(() => peopleCounts()),
  user: adminProcedure
    .meta(rest('GET', '/users/{id}', 'One person with sessions, projects, tokens and what was done to them'))
    .input(personInput)
    .output(personPageSchema)
    .query(({ ctx, input }) => personPage(ctx.actorId, ctx.caller.via, input.id)),
  approve: actOn('PUT', '/approval', 'Let a person into the beta', approveUser),
  suspend: adminProcedure
    .meta(rest('PUT', '/users/{id}/suspension', 'Lock a person out, with the reason'))
    .input(suspendInput)
    .output(doneSchema)
    .mutation(async ({ ctx, input }) => {
      await suspend(ctx.act, input.id, input.reason)
      return { ok: true }
    }),
  restore: actOn('DELETE', '/suspension', 'Let a suspended person in again', restore),
  appointAdmin: actOn('PUT', '/appointment', 'Make a person an administrator', appointAdmin),
  dismissAdmin: actOn('DELETE', '/appointment', 'Take an administrator’s appointment back', dismissAdmin),
  endSession: adminProcedure
    .meta(rest('DELETE', '/users/{id}/sessions/{sessionId}', 'Sign a person out of one browser'))
    .input(personSessionInput)
    .output(doneSchema)
    .mutation(async ({ ctx, input }) => {
      await endSessions(ctx.act, input.id, input.sessionId)
      return { ok: true }
    }),
  endSessions: actOn('DELETE', '/sessions', 'Sign a person out everywhere', (act, id) => endSessions(act, id)),
})
