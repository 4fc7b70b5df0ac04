import { afterAll, describe, expect, test } from 'vitest'
import { appModels } from '@/server/testing/app-models.ts'
import { type AppOnDisk, appOnDisk } from '@/server/testing/generated-app.ts'
import { writeAcceptanceTests } from './acceptance.ts'
import { writeBackend } from './backend.ts'

const made: AppOnDisk[] = []
async function written(name: string): Promise<AppOnDisk> {
  const model = appModels[name]
  if (!model) throw new Error(name)
  const app = await appOnDisk([...writeBackend(model), ...writeAcceptanceTests(model)])
  made.push(app)
  return app
}
afterAll(async () => {
  for (const app of made) await app.remove()
})

describe.each(Object.keys(appModels))('%s', (name) => {
  test('every acceptance test fails on its own assertion against the scaffold, and passes against the app', {
    timeout: 30_000,
  }, async () => {
    const app = await written(name)
    const before = await app.accept('nothing')
    expect(before.filter((line) => line.ok || line.code !== 'ERR_ASSERTION')).toEqual([])
    const after = await app.accept('inProcess')
    expect(after.filter((line) => !line.ok)).toEqual([])
    expect(after.length).toBe(before.length)
  })
})
