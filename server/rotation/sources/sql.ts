import type { SealedColumn, SealedObjects } from './types.ts'

// Version, key id, nonce and tag stand before the ciphertext: nothing else begins with the same bytes.
const fingerprintBytes = 45
const keyIdOf = (column: string) => `substring(r."${column}" FROM 2 FOR 16)`
/** Rows that one statement looks at; how many of them it gives is a matter of their bytes. */
export const mostRows = 2_000

/** Which rows are asked for: what another key than `$2` sealed or nobody did, or what that key sealed. */
export type Which = 'others' | 'own'

const conditionOf = ({ column, plain }: SealedColumn, which: Which) =>
  which === 'own' ? `${keyIdOf(column)} = $2::bytea` : `(${plain ? `r."${plain}" IS NOT NULL OR ` : ''}${keyIdOf(column)} <> $2::bytea)`

/** How much of a column each key sealed, and how much of it stands in the clear. */
export function tallyColumnSql({ rows, column, plain }: SealedColumn): string {
  const sealed = `SELECT encode(${keyIdOf(column)}, 'hex') AS key, true AS sealed, count(*) AS rows, sum(octet_length(r."${column}")) AS bytes
    FROM ${rows} AND r."${column}" IS NOT NULL GROUP BY 1`
  if (!plain) return sealed
  return `${sealed} UNION ALL SELECT NULL, false, count(*), sum(octet_length(r."${plain}"::text)) FROM ${rows} AND r."${plain}" IS NOT NULL`
}

/**
 * The next rows of a column: `$1` project, `$2` a key's id, `$3` bytes, `$4` and on the key of the row before. Values are fetched for those rows alone that are given.
 */
export function takeColumnSql(column: SealedColumn, which: Which, rows: number): string {
  const { key, plain, binds = [] } = column
  const keys = key.map(({ column: name }) => `r."${name}"`).join(', ')
  const after = key.map(({ type }, at) => `$${4 + at}::${type}`).join(', ')
  const from = column.walk?.(conditionOf(column, which)) ?? `${column.rows} AND ${conditionOf(column, which)} AND (${keys}) > (${after})`
  const names = [...key.map(({ column: name }) => name), ...binds].map((name) => `r."${name}"`).join(', ')
  const size = `coalesce(octet_length(r."${column.column}"), 0)${plain ? ` + coalesce(octet_length(r."${plain}"::text), 0)` : ''}`
  const shown = [...key.map(({ column: name }) => name), ...binds].map((name) => `t."${name}"::text AS "${name}"`).join(', ')
  return `SELECT ${shown}, t.sealed, t.plain, t.size FROM (
      SELECT n.*, sum(n.size) OVER (ORDER BY n.nth) AS upto FROM (
        SELECT ${names}, r."${column.column}" AS sealed, ${plain ? `r."${plain}"::text` : 'NULL::text'} AS plain, ${size} AS size,
          row_number() OVER (ORDER BY ${keys}) AS nth
        FROM ${from} ORDER BY ${keys} LIMIT ${rows}
      ) n
    ) t WHERE t.upto - t.size < $3::bigint ORDER BY t.nth`
}

/** Stores what was sealed anew, for as many rows as are given; only where the row is still what was read. */
export function writeColumnSql({ table, key, column, plain }: SealedColumn, rows: number): string {
  const width = key.length + 3
  const values = Array.from({ length: rows }, (_, row) => {
    const at = (offset: number) => `$${row * width + offset + 1}`
    const keys = key.map(({ type }, offset) => `${at(offset)}::${type}`)
    return `(${[...keys, `${at(key.length)}::bytea`, `${at(key.length + 1)}::bytea`, `${at(key.length + 2)}::text`].join(', ')})`
  })
  const names = key.map((_, at) => `k${at}`)
  const same = key.map(({ column: name }, at) => `r."${name}" = v.k${at}`)
  const unchanged = [
    `substring(r."${column}" FROM 1 FOR ${fingerprintBytes}) IS NOT DISTINCT FROM v.head`,
    ...(plain ? [`r."${plain}"::text IS NOT DISTINCT FROM v.plain`] : []),
  ]
  return `UPDATE "${table}" r SET "${column}" = v.fresh${plain ? `, "${plain}" = NULL` : ''}
    FROM (VALUES ${values.join(', ')}) AS v(${[...names, 'head', 'fresh', 'plain'].join(', ')})
    WHERE ${[...same, ...unchanged].join(' AND ')}`
}

/** The bytes by which `writeColumnSql` knows a value again. */
export const fingerprint = (sealed: Buffer): Buffer => sealed.subarray(0, fingerprintBytes)

export const tallyObjectsSql = ({ table, where, size }: SealedObjects): string =>
  `SELECT r."keyId" AS key, true AS sealed, count(*) AS rows, ${size ? `sum(r."${size}")` : 'NULL::bigint'} AS bytes
    FROM "${table}" r WHERE ${where} GROUP BY 1`

/** The next objects, as `takeColumnSql` gives rows; of some nobody knows the key. */
export const takeObjectsSql = ({ table, where, object, size }: SealedObjects, which: Which, rows: number): string =>
  `SELECT r.id, r."${object}" AS object, ${size ? `r."${size}"` : '0'} AS size FROM "${table}" r
    WHERE ${where} AND r."keyId" IS ${which === 'own' ? 'NOT ' : ''}DISTINCT FROM $2::text AND r.id > $3::text ORDER BY r.id LIMIT ${rows}`

/** Whether a project has something in the clear. */
export const unsealedColumnSql = ({ rows, plain }: SealedColumn): string | null =>
  plain ? `EXISTS (SELECT 1 FROM ${rows} AND r."${plain}" IS NOT NULL)` : null

/** Whether there are objects of which nobody knows the key. */
export const unsealedObjectsSql = ({ table, where }: SealedObjects): string =>
  `EXISTS (SELECT 1 FROM "${table}" r WHERE ${where} AND r."keyId" IS NULL)`
