import { randomBytes } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { plantedSecrets } from '@/server/testing/planted.ts'
import { hideSecrets } from './hide.ts'

// No row stands behind it: it is only a name here.
const project = 'p1' as never
beforeAll(() => register({ platformSecret: randomBytes(32) }))

it('hides every kind of secret in the texts themselves', async () => {
  const planted = plantedSecrets(3)
  const texts = await hideSecrets(
    project,
    planted.map(({ text }) => text),
  )
  expect(texts).toHaveLength(planted.length)
  for (const [at, { secret }] of planted.entries()) {
    expect(texts[at]).not.toContain(secret)
    expect(texts[at]).toContain('[secret]')
  }
})

it('knows a secret alone by what the texts speak of, and leaves plain words as they are', async () => {
  const secret = `${'hunt'}er${'X7q'}Lm2Pz9`
  const about = [`export const password = '${secret}'\n`]
  expect(await hideSecrets(project, [`It is ${secret}.`, 'Nothing here.', ''], about)).toEqual(['It is [secret].', 'Nothing here.', ''])
  expect(await hideSecrets(project, [], about)).toEqual([])
})
