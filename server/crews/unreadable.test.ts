import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakSeals } from '@/server/testing/broken-seals.ts'
import { type CrewWorld, startBareCrewWorld } from '@/server/testing/crew-world.ts'
import { notesCrew } from '@/server/testing/notes-crew.ts'

let crew: CrewWorld
beforeAll(async () => {
  crew = await startBareCrewWorld()
})
afterAll(() => crew?.stop())

const stageOf = (view: Awaited<ReturnType<CrewWorld['build']>>, key: string) => view.stages.find((stage) => stage.key === key)

test('a hand-over that cannot be opened ends the build in words, at once', async () => {
  const architect = notesCrew().architect
  const view = await crew.build({
    architect: async (talk) => {
      // All that was handed over so far is unreadable from here on.
      await crew.database.pool.query(`UPDATE "Artifact" SET "objectKey" = "objectKey" || 'x' WHERE name = 'specification.json'`)
      return architect(talk)
    },
  })
  const reason = 'What an earlier stage handed over (specification) cannot be opened.'
  expect(view).toMatchObject({ status: 'FAILURE', reason })
  expect(stageOf(view, 'tasks')).toMatchObject({ status: 'FAILURE', reason })
})

test('an issue that cannot be opened ends the build in words, and its page stands', async () => {
  await breakSeals(crew.database.pool, crew.project.projectId, 'a destroyed key')
  const view = await crew.build()
  expect(view).toMatchObject({ status: 'FAILURE', reason: 'The text of the issue cannot be opened.' })
  expect(stageOf(view, 'specification')).toMatchObject({ status: 'FAILURE', reason: view.reason })
})
