import { adminProcedure, projectProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  ledgerAllFilterSchema,
  ledgerAllInput,
  ledgerCallSchema,
  ledgerChoicesSchema,
  ledgerEntryInput,
  ledgerFilterSchema,
  ledgerInput,
  ledgerPageSchema,
  ledgerTotalsSchema,
} from './schema.ts'
import { ledgerChoices, ledgerEntry, ledgerPage, ledgerTotals } from './service.ts'

const project = (path: `ledger${string}`, summary: string) => ({
  openapi: { method: 'GET' as const, path: `/projects/{service}/${path}` as const, summary, tags: ['Ledger'], protect: true },
})
const platform = (path: `ledger${string}`, summary: string) => ({
  openapi: { method: 'GET' as const, path: `/admin/${path}` as const, summary, tags: ['Ledger'], protect: true },
})

export const aiRouter = router({
  ledger: projectProcedure
    .meta(project('ledger', 'What was sent to models for a project, newest first'))
    .input(ledgerInput)
    .output(ledgerPageSchema)
    // The service named the project to the gate; the filter of that name is the administrators'.
    .query(({ ctx, input: { service: _, ...asked } }) => ledgerPage(ctx.projectId, ctx.actorId, asked)),
  ledgerEntry: projectProcedure
    .meta(project('ledger/{id}', 'One sending with its files, what was replaced in it and what was left out'))
    .input(ledgerEntryInput)
    .output(ledgerCallSchema)
    .query(({ ctx, input }) => ledgerEntry(ctx.projectId, ctx.actorId, input.id)),
  ledgerTotals: projectProcedure
    .meta(project('ledger-totals', 'Sums over what was sent for a project'))
    .input(ledgerFilterSchema)
    .output(ledgerTotalsSchema)
    .query(({ ctx, input: { service: _, ...filter } }) => ledgerTotals(ctx.projectId, filter)),
  ledgerChoices: projectProcedure
    .meta(project('ledger-choices', 'Purposes and models of a project’s ledger'))
    .output(ledgerChoicesSchema)
    .query(({ ctx }) => ledgerChoices(ctx.projectId)),
  ledgerAll: adminProcedure
    .meta(platform('ledger', 'What was sent to models, newest first; file names for members of their project alone'))
    .input(ledgerAllInput)
    .output(ledgerPageSchema)
    .query(({ ctx, input }) => ledgerPage('all', ctx.actorId, input)),
  ledgerAllEntry: adminProcedure
    .meta(platform('ledger/{id}', 'One sending of any project; file names for its members alone'))
    .input(ledgerEntryInput)
    .output(ledgerCallSchema)
    .query(({ ctx, input }) => ledgerEntry('all', ctx.actorId, input.id)),
  ledgerAllTotals: adminProcedure
    .meta(platform('ledger-totals', 'Sums over what was sent'))
    .input(ledgerAllFilterSchema)
    .output(ledgerTotalsSchema)
    .query(({ input }) => ledgerTotals('all', input)),
  ledgerAllChoices: adminProcedure
    .meta(platform('ledger-choices', 'Purposes and models of the whole ledger'))
    .output(ledgerChoicesSchema)
    .query(() => ledgerChoices('all')),
})
