import { expect, it } from 'vitest'
import { listInput } from '@/server/beta/schema.ts'
import { queueInput, queueView } from './queue-query.ts'

it.each([
  [{}, { tab: 'OPEN', search: '' }],
  [
    { status: 'approved', search: 'Jo' },
    { tab: 'APPROVED', search: 'Jo' },
  ],
  [
    { status: ['x'], search: ['y'] },
    { tab: 'OPEN', search: '' },
  ],
  [
    { status: 'everything', search: 'a\u0000b' },
    { tab: 'OPEN', search: 'ab' },
  ],
])('the address %j shows %j, and the server takes it', (params, view) => {
  expect(queueView(params)).toEqual(view)
  expect(listInput.safeParse(queueInput(queueView(params))).success).toBe(true)
})

it('whatever is typed can be asked for', () => {
  expect(listInput.safeParse(queueInput(queueView({ search: `${'x'.repeat(300)}` }))).success).toBe(true)
  expect(listInput.safeParse(queueInput(queueView({ search: 'a\u202eb' }))).success).toBe(true)
})
