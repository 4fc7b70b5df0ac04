import { adminProcedure, ownerProcedure, projectProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  aiSettingsSchema,
  ledgerAllFilterSchema,
  ledgerAllInput,
  ledgerCallSchema,
  ledgerChoicesSchema,
  ledgerEntryInput,
  ledgerFilterSchema,
  ledgerInput,
  ledgerPageSchema,
  ledgerTotalsSchema,
  pathAnswerSchema,
  tryPathInput,
} from './schema.ts'
import { changeSettings, ledgerChoices, ledgerEntry, ledgerPage, ledgerTotals, settingsOf, tryPath } from './service.ts'

const project = (path: `ledger${string}`, summary: string) => ({
  openapi: { method: 'GET' as const, path: `/projects/{service}/${path}` as const, summary, tags: ['Ledger'], protect: true },
})
const platform = (path: `ledger${string}`, summary: string) => ({
  openapi: { method: 'GET' as const, path: `/admin/${path}` as const, summary, tags: ['Ledger'], protect: true },
})

const codeSettings = (method: 'GET' | 'PUT' | 'POST', path: '' | '/path', summary: string) => ({
  openapi: { method, path: `/projects/{service}/code-settings${path}` as const, summary, tags: ['Projects'], protect: true },
})

export const aiRouter = router({
  settings: projectProcedure
    .meta(codeSettings('GET', '', 'What models may see of a project’s code, and when a review stops a deployment'))
    .output(aiSettingsSchema)
    .query(({ ctx }) => settingsOf(ctx.projectId)),
  changeSettings: ownerProcedure
    .meta(codeSettings('PUT', '', 'Change what models may see, and when a review stops a deployment'))
    .input(aiSettingsSchema)
    .output(aiSettingsSchema)
    .mutation(({ ctx, input: { service: _, ...settings } }) => changeSettings(ctx.act, ctx.projectId, settings)),
  // It asks and changes nothing; the patterns that are tried are too long for an address.
  tryPath: projectProcedure
    .meta(codeSettings('POST', '/path', 'Whether a path would be withheld from models, and by which pattern'))
    .input(tryPathInput)
    .output(pathAnswerSchema)
    .mutation(({ ctx, input }) => tryPath(ctx.projectId, input.path, input.denyPaths)),
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
