import type { TestProject } from 'vitest/node'
import { bundle } from '@/server/bootstrap.mjs'
import { migrate } from '@/server/core/migrations.ts'
import { bundlePrograms } from './programs.ts'
import { databaseUrl, execute, scratchPostgres } from './scratch-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** An administrator's connection to the run's PostgreSQL, and the name of the migrated template database. */
    postgres: { url: string; template: string }
  }
}

/** One PostgreSQL and one migrated template for the whole run, and fresh bundles for tests that start processes. */
export default async function setup({ provide, config }: TestProject): Promise<() => Promise<void>> {
  // A program that cannot be bundled fails the tests that start it, and no other.
  await bundle(config.root).catch((error: Error) => console.error(error.message))
  const programs = await bundlePrograms(config.root)
  const postgres = await scratchPostgres()
  const template = 'maestro_template'
  await execute(postgres.url, `CREATE DATABASE ${template}`)
  await migrate(databaseUrl(postgres.url, template), config.root)
  provide('postgres', { url: postgres.url, template })
  provide('programs', programs.folder)
  return async () => {
    await postgres.stop()
    await programs.remove()
  }
}
