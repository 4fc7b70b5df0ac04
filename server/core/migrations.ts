import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Client, Pool, type QueryConfig, type QueryResult } from 'pg'

/** The lock's number has no meaning; it only has to be the same in every process. */
const lockKey = 7_243_118_001
const charOid = 18
const charArrayOid = 1002
const noFilters = { externalTables: [], externalEnums: [] }

/**
 * A pool of one connection (the engine's own lock belongs to a connection). The adapter does not know the catalog's type
 * `"char"`; it is passed through as an array of it, which the adapter does know and no catalog query returns.
 */
function catalogPool(url: string): Pool {
  const pool = new Pool({ connectionString: url, max: 1 })
  const query = pool.query.bind(pool) as (config: QueryConfig | string) => Promise<QueryResult>
  const readable = async (config: QueryConfig | string) => {
    const result = await query(config)
    for (const field of result.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = charArrayOid
    return result
  }
  return Object.assign(pool, { query: readable })
}

/** The adapter with whole scripts sent as one simple query: its own way cuts them at every semicolon, also inside function bodies. */
async function connectAdapter(url: string, onScriptError: (error: Error) => void): Promise<SqlDriverAdapter> {
  const pool = catalogPool(url)
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    const { Character, CharacterArray } = ColumnTypeEnum
    return { ...result, columnTypes: result.columnTypes.map((type) => (type === CharacterArray ? Character : type)) }
  }
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error: Error) => {
      onScriptError(error)
      throw error
    })
  }
  return adapter
}

let engineClass: Promise<typeof SchemaEngine> | undefined

/** WebAssembly has to be wired by hand (the package's main entry imports it as a module, which Node does not do), and once. */
async function loadEngine(): Promise<typeof SchemaEngine> {
  // The engine reports a panic here before it ends; without the registry only the fault of the report would be seen.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) } })
  const require = createRequire(import.meta.url)
  const path = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const module = await WebAssembly.compile(await readFile(join(dirname(path), 'schema_engine_bg.wasm')))
  const imports = { './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports }
  const instance = await WebAssembly.instantiate(module, imports)
  bindings.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
  return bindings.SchemaEngine
}

/** The schema's files in order of name. */
export async function readSchema(root: string): Promise<SchemaContainer[]> {
  const folder = join(root, 'prisma', 'schema')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma')).sort()
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })))
}

/** The migrations on disk in order of name, which begins with their time. */
export async function readMigrations(root: string): Promise<MigrationList> {
  const baseDir = join(root, 'prisma', 'migrations')
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const migrationDirectories = await Promise.all(
    names.sort().map(async (path) => {
      const value = await readFile(join(baseDir, path, 'migration.sql'), 'utf8')
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } }
    }),
  )
  const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' }
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories }
}

/** Runs `work` with an engine on the database at `url`; `shadowUrl` is an empty database that it may fill. */
async function withEngine<T>(
  { root, url, shadowUrl }: { root: string; url: string; shadowUrl?: string },
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  let scriptError: Error | undefined
  const adapters: SqlDriverAdapter[] = []
  const connect = async (to: string) => {
    const adapter = await connectAdapter(to, (error) => {
      scriptError = error
    })
    adapters.push(adapter)
    return adapter
  }
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    connectToShadowDb: () => connect(shadowUrl ?? url),
  })
  const datamodels = (await readSchema(root)).map(({ path, content }): [string, string] => [path, content])
  engineClass ??= loadEngine()
  const Engine = await engineClass
  const engine = await Engine.new({ datamodels }, () => undefined, factory)
  try {
    return await work(engine)
  } catch (error) {
    throw new Error(`The database's migrations could not be applied: ${(scriptError ?? (error as Error)).message}`, { cause: error })
  } finally {
    engine.free()
    // The engine leaves its connections open; an open one would keep the database from being copied or dropped.
    await Promise.all(adapters.map((adapter) => adapter.dispose().catch(() => undefined)))
  }
}

/**
 * Brings a database to the newest migration. Several processes may start at once: the first one works, the others wait.
 * @param root the folder that holds `prisma/`
 * @returns the names of the migrations that were applied by this call
 */
export async function migrate(url: string, root: string): Promise<string[]> {
  const guard = new Client({ connectionString: url })
  await guard.connect()
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [lockKey])
    if (await upToDate(guard, root)) return []
    return await withEngine({ root, url }, async (engine) => {
      const migrationsList = await readMigrations(root)
      return (await engine.applyMigrations({ migrationsList, filters: noFilters })).appliedMigrationNames
    })
  } finally {
    await guard.end()
  }
}

/** The usual start finds nothing to do; it need not load the engine (some 100 ms and 20 MB) to learn that. */
async function upToDate(guard: Client, root: string): Promise<boolean> {
  const table = await guard.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`)
  if (!table.rows[0]?.exists) return false
  const { rows } = await guard.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const applied = new Set(rows.map((row) => row.migration_name))
  const { migrationDirectories } = await readMigrations(root)
  return migrationDirectories.every(({ path }) => applied.has(path))
}

/**
 * What a new migration would have to say for the migrations to agree with the schema; '' where they agree.
 * @param emptyUrl an empty database, which is filled
 */
export async function pendingMigration(emptyUrl: string, root: string): Promise<string> {
  return withEngine({ root, url: emptyUrl }, async (engine) => {
    const files = await readSchema(root)
    const from = { tag: 'migrations' as const, ...(await readMigrations(root)) }
    const result = await engine.diff({ from, to: { tag: 'schemaDatamodel', files }, script: true, exitCode: true, filters: noFilters })
    return result.exitCode === 2 ? (result.stdout ?? '') : ''
  })
}
