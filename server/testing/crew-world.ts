import { vi } from 'vitest'
import { type TestDatabase, testDatabase } from './database.ts'
import { notesCrew } from './notes-crew.ts'
import { type Script, type ScriptedModel, startScriptedModel } from './scripted-model.ts'
import { startWorld, type World, type WorldProject } from './world.ts'

// A whole build is a dozen programs one after the other; on a machine that is busy with other tests that takes its time.
const patienceMs = 180_000
vi.setConfig({ testTimeout: patienceMs, hookTimeout: patienceMs })

/** A world whose model follows a script, with one project in it: what one build leaves, the next one finds. */
export interface CrewWorld {
  world: World
  database: TestDatabase
  model: ScriptedModel
  project: WorldProject
  /** The number of the build that made the project. */
  first: number
  /** Builds once with the notes crew, some of its voices replaced, and waits for the end. */
  build(over?: Partial<Script>, budgetMicros?: number): ReturnType<WorldProject['final']>
  stop(): Promise<void>
}

/** Starts such a world; the project's first build is green and deployed. */
export async function startCrewWorld(): Promise<CrewWorld> {
  const database = await testDatabase()
  const model = await startScriptedModel(notesCrew())
  const world = await startWorld({ url: database.url, model: { baseUrl: model.url, apiKey: 'key', demo: false } })
  const project = await world.fromIssue({ title: 'Notes', body: 'Keep the notes of the whole team.' })
  const { status, reason } = await project.final(1, patienceMs)
  if (status !== 'SUCCESS') throw new Error(`the first build ended ${status}: ${reason}\n${await project.console(1)}`)
  return {
    ...{ world, database, model, project, first: 1 },
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
