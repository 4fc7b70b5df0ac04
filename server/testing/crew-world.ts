import { vi } from 'vitest'
import type { BuildStatus } from '@/server/builds/schema.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { notesCrew } from './notes-crew.ts'
import { type Script, type ScriptedModel, startScriptedModel } from './scripted-model.ts'
import { startWorld, type World, type WorldProject } from './world.ts'

// A whole build is a dozen programs one after the other; on a machine that is busy with other tests that takes its time.
const patienceMs = 300_000
vi.setConfig({ testTimeout: patienceMs, hookTimeout: patienceMs })

/** A world whose model follows a script, with one project in it: what one build leaves, the next one finds. */
export interface CrewWorld {
  world: World
  database: TestDatabase
  model: ScriptedModel
  project: WorldProject
  /** Builds once with the notes crew, some of its voices replaced, and waits for the end. */
  build(over?: Partial<Script>, budgetMicros?: number): ReturnType<WorldProject['final']>
  stop(): Promise<void>
}

/** Such a world whose project was never deployed: its first build ends at once. */
export const startBareCrewWorld = (): Promise<CrewWorld> =>
  startCrewWorld(notesCrew({ 'product-strategist': () => ({ status: 401, type: 'authentication_error' }) }), 'FAILURE')

/** Starts such a world with the project's first build, which `script` speaks in; it has to end as `status` says. */
export async function startCrewWorld(script = notesCrew(), status: BuildStatus = 'SUCCESS'): Promise<CrewWorld> {
  const database = await testDatabase()
  const model = await startScriptedModel(script)
  const world = await startWorld({ url: database.url, model: { baseUrl: model.url, apiKey: 'key', demo: false } })
  const project = await world.fromIssue({ title: 'Notes', body: 'Keep the notes of the whole team.' })
  const first = await project.final(1, patienceMs)
  if (first.status !== status) throw new Error(`the first build ended ${first.status}: ${first.reason}\n${await project.console(1)}`)
  return {
    ...{ world, database, model, project },
    async build(over = {}, budgetMicros) {
      model.follow(notesCrew(over))
      return project.final(await project.build(budgetMicros), patienceMs)
    },
    async stop() {
      await world.stop()
      await model.stop()
      await database.drop()
    },
  }
}
