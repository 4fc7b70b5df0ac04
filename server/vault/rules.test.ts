import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { boundedMap, keyIdOf, openWith, parseMasterKey, parseMasterKeys, sealWith } from './rules.ts'

const key = randomBytes(32)
const id = randomUUID()

function refusal(fn: () => unknown): { reason?: string; message: string } {
  try {
    fn()
  } catch (error) {
    return error as { reason?: string; message: string }
  }
  throw new Error('it was not refused')
}

describe('seal and open', () => {
  it('returns what was sealed, at any length', () => {
    for (const length of [0, 1, 15, 16, 17, 1_000, 100_003]) {
      const plain = randomBytes(length)
      expect(openWith(key, ['p', 'c'], sealWith(key, id, ['p', 'c'], plain)).equals(plain)).toBe(true)
    }
  })

  it('never seals the same text to the same bytes', () => {
    const made = new Set(Array.from({ length: 1_000 }, () => sealWith(key, id, ['p'], Buffer.from('same')).toString('hex')))
    expect(made.size).toBe(1_000)
  })

  it('carries its version and key id, and nothing of the text', () => {
    const sealed = sealWith(key, id, ['p'], Buffer.from('a secret sentence'))
    expect(sealed[0]).toBe(1)
    expect(keyIdOf(sealed)).toBe(id)
    expect(sealed.includes('secret')).toBe(false)
  })

  it('refuses every single flipped bit, every cut and every added byte, and says nothing of the text', () => {
    const sealed = sealWith(key, id, ['p', 'c'], Buffer.from('the plain text'))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const copy = Buffer.from(sealed)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      const { reason, message } = refusal(() => openWith(key, ['p', 'c'], copy))
      expect(reason, `bit ${bit}`).toBe(bit < 8 ? 'not-sealed' : 'altered')
      expect(message).not.toContain('plain')
    }
    for (let length = 0; length < sealed.length; length++) refusal(() => openWith(key, ['p', 'c'], sealed.subarray(0, length)))
    refusal(() => openWith(key, ['p', 'c'], Buffer.concat([sealed, Buffer.from([0])])))
  })

  it('opens only with the same binding, part by part', () => {
    const sealed = sealWith(key, id, ['project', 'context'], Buffer.from('x'))
    for (const binding of [
      [],
      ['project'],
      ['projectcontext'],
      ['project', 'contex'],
      ['projectc', 'ontext'],
      ['context', 'project'],
      ['project', 'context', ''],
    ]) {
      expect(refusal(() => openWith(key, binding, sealed)).reason).toBe('altered')
    }
  })

  it('opens with no other key', () => {
    const sealed = sealWith(key, id, ['p'], Buffer.from('x'))
    for (let i = 0; i < 50; i++) expect(refusal(() => openWith(randomBytes(32), ['p'], sealed)).reason).toBe('altered')
  })

  it('refuses random bytes of any length', () => {
    for (let length = 0; length < 300; length++) refusal(() => openWith(key, ['p'], randomBytes(length)))
  })
})

describe('the master key', () => {
  it('is read from hexadecimal digits, base64 and its URL-safe form', () => {
    for (const text of [
      key.toString('hex'),
      key.toString('hex').toUpperCase(),
      key.toString('base64'),
      key.toString('base64url'),
      `${key.toString('hex')}\n`,
    ]) {
      expect(parseMasterKey(text).equals(key)).toBe(true)
    }
  })

  it('is one of a ring, in which each stands once', () => {
    const other = randomBytes(32)
    const ring = [key.toString('hex'), '', ` ${other.toString('base64')} `, key.toString('base64')]
    expect(parseMasterKeys(ring.join(','), ',')).toEqual([key, other])
    expect(parseMasterKeys(`${ring.join('\r\n')}\n`, '\n')).toEqual([key, other])
    for (const text of ['', ' , ,', '\n']) expect(refusal(() => parseMasterKeys(text, ',')).message).toContain('no master key')
  })

  it('is refused at any other length, without being repeated', () => {
    for (const text of ['', 'short', 'z'.repeat(64), randomBytes(31).toString('hex'), randomBytes(33).toString('base64')]) {
      const { message } = refusal(() => parseMasterKey(text))
      expect(message).toContain('32 bytes')
      if (text) expect(message).not.toContain(text)
    }
  })
})

it('a bounded map forgets what was unused longest', () => {
  const forgotten: number[] = []
  const map = boundedMap<number>(3, (value) => forgotten.push(value))
  for (let i = 0; i < 3; i++) map.set(`k${i}`, i)
  map.get('k0')
  expect(forgotten).toEqual([])
  map.set('k3', 3)
  expect(forgotten).toEqual([1])
  map.delete('k3')
  map.set('k3', 3)
  expect(forgotten).toEqual([1])
  expect([map.get('k0'), map.get('k1'), map.get('k2'), map.get('k3'), map.size]).toEqual([0, undefined, 2, 3, 3])
})
