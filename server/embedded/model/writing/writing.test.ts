import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appModels } from '@/server/testing/app-models.ts'
import { type AppOnDisk, acceptTogether, appOnDisk, type TestLine } from '@/server/testing/generated-app.ts'
import { writeAcceptanceTests } from './acceptance.ts'
import { writeBackend } from './backend.ts'

const models = Object.entries(appModels)
let apps: AppOnDisk[] = []
let before: TestLine[][] = []
let after: TestLine[][] = []

beforeAll(async () => {
  apps = await Promise.all(models.map(([, model]) => appOnDisk([...writeBackend(model), ...writeAcceptanceTests(model)])))
  before = await acceptTogether(apps, 'nothing')
  after = await acceptTogether(apps, 'inProcess')
})
afterAll(async () => {
  for (const app of apps) await app.remove()
})

describe.each(models.map(([name, model], index) => ({ name, model, index })))('$name', ({ model, index }) => {
  test('every acceptance test fails on its own assertion against the scaffold, and passes against the app', () => {
    expect(before[index]?.filter((line) => line.ok || line.code !== 'ERR_ASSERTION')).toEqual([])
    expect(after[index]?.filter((line) => !line.ok)).toEqual([])
    expect(after[index]?.length).toBe(before[index]?.length)
  })

  test('every criterion has a test, but those that cannot be tested', () => {
    for (const { id, checks } of model.criteria) {
      const tested = after[index]?.some((line) => line.name.startsWith(`[${id}]`))
      expect(tested, id).toBe(checks.some((check) => check.pattern !== 'untestable'))
    }
  })
})
