import { randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'

const ofBuild = '"buildId" IN (SELECT id FROM "Build" WHERE "projectId" = $1)'
const ofStage = `"stageId" IN (SELECT id FROM "Stage" WHERE ${ofBuild})`

/** Every column of a project's rows that holds sealed bytes, with what says that a row is the project's. */
const sealedColumns: readonly [table: string, column: string, where: string][] = [
  ['Project', 'issueSealed', 'id = $1'],
  ['Build', 'definitionSealed', '"projectId" = $1'],
  ['Build', 'verdictSealed', '"projectId" = $1'],
  ['Build', 'reasonSealed', '"projectId" = $1'],
  ['Stage', 'reasonSealed', ofBuild],
  ['Step', 'reasonSealed', ofStage],
  ['Deployment', 'runSealed', '"projectId" = $1'],
  ['Deployment', 'reasonSealed', '"projectId" = $1'],
  ['Deployment', 'monitoringSealed', '"projectId" = $1'],
  ['Service', 'reasonSealed', '"projectId" = $1'],
  ['StreamSegment', 'sealed', '"streamId" IN (SELECT id FROM "Stream" WHERE "projectId" = $1)'],
]

/** The ways in which what is sealed cannot be opened any more. Keys that a process remembers make no difference to them. */
export const sealBreaks = ['altered bytes', 'a key that is not in the ring', 'a destroyed key', 'a key of another master key'] as const
export type SealBreak = (typeof sealBreaks)[number]

/** Makes everything that is sealed in a project's rows unreadable. */
export async function breakSeals(pool: Pool, projectId: string, how: SealBreak): Promise<void> {
  const id = randomUUID()
  if (how === 'a destroyed key')
    await pool.query(`INSERT INTO "DataKey" (id, "projectId", state, wrapped) VALUES ($1, $2, 'DESTROYED', NULL)`, [id, projectId])
  if (how === 'a key of another master key')
    await pool.query(`INSERT INTO "DataKey" (id, "projectId", state, wrapped, "masterId") VALUES ($1, $2, 'RETIRED', $3, $4)`, [
      id,
      projectId,
      randomBytes(77),
      randomUUID(),
    ])
  const hex = id.replaceAll('-', '')
  for (const [table, column, where] of sealedColumns) {
    const last = `octet_length("${column}") - 1`
    const broken =
      how === 'altered bytes'
        ? `set_byte("${column}", ${last}, get_byte("${column}", ${last}) # 1)`
        : `overlay("${column}" PLACING decode('${hex}', 'hex') FROM 2)`
    await pool.query(`UPDATE "${table}" SET "${column}" = ${broken} WHERE "${column}" IS NOT NULL AND ${where}`, [projectId])
  }
}
