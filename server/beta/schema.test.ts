import { describe, expect, it } from 'vitest'
import { applyInput, decideInput, listInput } from './schema.ts'

const form = { name: 'Jo', company: '', purpose: 'A rota for our volunteers.', teamSize: 'just-me', consent: true }
const problem = (over: object) => applyInput.safeParse({ ...form, ...over }).error?.issues[0]

describe('the application form', () => {
  it('takes names of every script as they are, trimmed', () => {
    for (const name of ['  김민지 ', 'Ján O’Neill-Šťastný', '李', 'علي', 'مى‌خواهم', '<b>Jo</b>'])
      expect(applyInput.parse({ ...form, name }).name).toBe(name.trim().normalize('NFC'))
    expect(applyInput.parse({ ...form, purpose: `${form.purpose}\n\n- one\n\t- two` }).purpose).toContain('\n\t- two')
  })

  it.each([
    ['name', ''],
    ['name', '   '],
    ['name', 'x'.repeat(101)],
    ['name', 'Jo\u202Etxt'],
    ['name', 'Jo\u0000'],
    ['name', 'Jo\nBcc: all@example.com'],
    ['name', '\u2066\u2069'],
    ['name', '\u200b\u200b'],
    ['company', 'y'.repeat(121)],
    ['company', 'Ac\u0007me'],
    ['company', 'Ac\u2067me'],
    ['purpose', 'too short'],
    ['purpose', ' '.repeat(40)],
    ['purpose', 'z'.repeat(2_001)],
    ['purpose', `A rota for our volunteers\u0000`],
    ['purpose', `A rota for our \u202evolunteers`],
    ['teamSize', 'all'],
    ['consent', false],
    ['consent', 'true'],
    ['locale', 'de'],
  ])('refuses %s = %j and names the field', (field, value) => expect(problem({ [field]: value })?.path).toEqual([field]))
})

it('no more than a hundred are decided about at once, by ids alone, in words that a mail can hold', () => {
  const id = '00000000-0000-4000-8000-000000000000'
  expect(decideInput.safeParse({ ids: [id], decision: 'approve', message: 'x\u0000' }).success).toBe(false)
  expect(decideInput.safeParse({ ids: [id], decision: 'approve', message: 'x'.repeat(1_001) }).success).toBe(false)
  expect(decideInput.safeParse({ ids: [], decision: 'approve' }).success).toBe(false)
  expect(decideInput.safeParse({ ids: Array(101).fill(id), decision: 'approve' }).success).toBe(false)
  expect(decideInput.safeParse({ ids: ["' OR 1=1"], decision: 'approve' }).success).toBe(false)
  expect(listInput.parse({ search: ' x\u0000y ' })).toEqual({ search: 'xy' })
})
