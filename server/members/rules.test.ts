import { describe, expect, it } from 'vitest'
import { higherRole, invitationState, keepsAnOwner, maskedEmail } from './rules.ts'
import { emailProblem, inviteEmailSchema } from './schema.ts'

describe('the address of an invitation', () => {
  it('is trimmed and in lower case', () => {
    expect(inviteEmailSchema.parse('  Mina.Park+build@Example.COM ')).toBe('mina.park+build@example.com')
  })
  it.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['mina', 'shape'],
    ['mina@', 'shape'],
    ['@example.com', 'shape'],
    ['mina@localhost', 'shape'],
    ['mina@@example.com', 'shape'],
    ['mina@example.com, other@example.com', 'shape'],
    ['Mina <mina@example.com>', 'shape'],
    ['mina@example.com\r\nBcc: all@example.com', 'shape'],
    ['mina@example.com\u0000', 'shape'],
    ['mina@[127.0.0.1]', 'shape'],
    [`${'m'.repeat(65)}@example.com`, 'shape'],
    [`mina@${'e'.repeat(250)}.com`, 'shape'],
    ['аdmin@example.com', 'letters'],
    ['mina@exаmple.com', 'letters'],
    ['mina@example。com', 'letters'],
    ['mina@\u202Emoc.elpmaxe', 'letters'],
    ['mina@xn--exmple-4nf.com', 'letters'],
    ['mina@mail.XN--exmple-4nf.com', 'letters'],
    // The Kelvin sign becomes a plain k in lower case.
    ['min\u212A@example.com', 'letters'],
    ['민아@example.com', 'letters'],
  ])('%j is refused: %s', (text, problem) => {
    expect(emailProblem(text)).toBe(problem)
    expect(inviteEmailSchema.safeParse(text).success).toBe(false)
  })
  it('is told to others with most of it hidden', () => {
    expect(maskedEmail('mina.park@example.com')).toBe('m•••@e•••.com')
    expect(maskedEmail('m@mail.example.co.kr')).toBe('m•••@m•••.kr')
    expect(maskedEmail('🎉x@localhost')).toBe('🎉•••@l•••')
  })
})

describe('roles', () => {
  it('are compared by what they may do', () => {
    expect(higherRole('VIEWER', 'OWNER')).toBe('OWNER')
    expect(higherRole('MAINTAINER', 'VIEWER')).toBe('MAINTAINER')
  })
  it('leave a project with an owner', () => {
    const members = [
      { userId: 'a', role: 'OWNER' },
      { userId: 'b', role: 'MAINTAINER' },
    ] as const
    expect(keepsAnOwner(members, 'a', null)).toBe(false)
    expect(keepsAnOwner(members, 'a', 'VIEWER')).toBe(false)
    expect(keepsAnOwner(members, 'a', 'OWNER')).toBe(true)
    expect(keepsAnOwner(members, 'b', null)).toBe(true)
    expect(keepsAnOwner([...members, { userId: 'c', role: 'OWNER' }], 'a', null)).toBe(true)
  })
})

it('an invitation is open until it was used or its time is over', () => {
  const at = new Date(1_000)
  expect(invitationState({ acceptedAt: null, expiresAt: new Date(1_001) }, at)).toBe('open')
  expect(invitationState({ acceptedAt: null, expiresAt: at }, at)).toBe('expired')
  expect(invitationState({ acceptedAt: new Date(1), expiresAt: new Date(1) }, at)).toBe('used')
})
