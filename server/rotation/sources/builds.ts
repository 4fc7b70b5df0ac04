import { buildContext, stageContext, stepContext } from '@/server/builds/service.ts'
import { columnSource } from './columns.ts'
import type { SealedColumn } from './types.ts'

const id = [{ column: 'id', type: 'text' }] as const

const ofBuild = (column: 'definition' | 'verdict' | 'reason'): SealedColumn => ({
  name: `build.${column}`,
  kind: 'builds',
  table: 'Build',
  rows: '"Build" r WHERE r."projectId" = $1',
  key: id,
  column: `${column}Sealed`,
  plain: column,
  context: (row) => buildContext(row.id ?? '', column),
})

const stages: SealedColumn = {
  name: 'stage.reason',
  kind: 'builds',
  table: 'Stage',
  rows: '"Stage" r JOIN "Build" p ON p.id = r."buildId" WHERE p."projectId" = $1',
  key: id,
  column: 'reasonSealed',
  plain: 'reason',
  binds: ['buildId', 'key'],
  context: ({ buildId = '', key = '' }) => stageContext(buildId, key),
}

const steps: SealedColumn = {
  name: 'step.reason',
  kind: 'builds',
  table: 'Step',
  rows: '"Step" r JOIN "Stage" s ON s.id = r."stageId" JOIN "Build" p ON p.id = s."buildId" WHERE p."projectId" = $1',
  key: id,
  column: 'reasonSealed',
  plain: 'reason',
  context: (row) => stepContext(row.id ?? ''),
}

/** What was to be done in builds, why they ended, and what the model judged of them. */
export const builds = [ofBuild('definition'), ofBuild('verdict'), ofBuild('reason'), stages, steps].map(columnSource)
