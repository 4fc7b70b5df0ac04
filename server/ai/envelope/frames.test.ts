import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { FrameFault, frameReader, frameWriter, maxFrameBytes, numberIn, writeNumber } from './frames.ts'
import type { Frame } from './types.ts'

const reply = randomBytes(32).toString('base64url')
const jti = randomUUID()
const text = 'the plain text of an answer: hunter2'
const data = (words: string): Frame => ({ kind: 'data', bytes: Buffer.from(words) })
const answer: Frame[] = [
  { kind: 'state', state: 'waiting', status: 529, waitMs: 1_500, attempt: 1 },
  { kind: 'head', status: 200, headers: { 'request-id': 'req_1' } },
  data(text),
  data('event: 안녕\n\n'),
  data(''),
  { kind: 'end' },
]

const sealAll = (frames: readonly Frame[]) => {
  const writer = frameWriter(reply, jti)
  return frames.map((frame) => writer.seal(frame))
}
const plainOf = (frames: readonly Frame[]) =>
  frames.map((frame) => (frame.kind === 'data' ? { ...frame, bytes: Buffer.from(frame.bytes).toString() } : frame))
function read(bytes: Uint8Array, reader = frameReader(reply, jti)): Frame[] {
  const frames = reader.push(bytes)
  reader.finish()
  return frames
}

/** The fault's code; nothing of the answer stands in it. */
function fault(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(FrameFault)
    expect(`${(error as Error).message}${(error as Error).stack}`).not.toContain('hunter2')
    return (error as FrameFault).code
  }
  return expect.fail('it was taken')
}

describe('an answer in frames', () => {
  it('is read as it was written, however the network cuts it', () => {
    const bytes = Buffer.concat(sealAll(answer))
    expect(bytes.includes('hunter2')).toBe(false)
    expect(plainOf(read(bytes))).toEqual(plainOf(answer))
    for (const step of [1, 2, 7, 9, 64]) {
      const reader = frameReader(reply, jti)
      const frames: Frame[] = []
      for (let from = 0; from < bytes.length; from += step) frames.push(...reader.push(bytes.subarray(from, from + step)))
      reader.finish()
      expect(plainOf(frames)).toEqual(plainOf(answer))
    }
  })

  it('carries data of any length in frames of a bounded one', () => {
    const large = randomBytes(3 * maxFrameBytes + 5)
    const [sealed, end] = sealAll([{ kind: 'data', bytes: large }, { kind: 'end' }])
    const frames = read(Buffer.concat([sealed as Buffer, end as Buffer]))
    expect(frames).toHaveLength(5)
    expect(Buffer.concat(frames.map((frame) => (frame.kind === 'data' ? frame.bytes : Buffer.alloc(0)))).equals(large)).toBe(true)
  })

  it('is noticed with any bit flipped', () => {
    const bytes = Buffer.concat(sealAll(answer))
    const codes = new Set<string>()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      codes.add(fault(() => read(copy)))
    }
    expect([...codes].sort()).toEqual(['altered', 'cut', 'foreign', 'missing', 'oversized', 'repeated'])
  })

  it('is noticed when it ends early, wherever', () => {
    const bytes = Buffer.concat(sealAll(answer))
    for (let length = 0; length < bytes.length; length++) expect(fault(() => read(bytes.subarray(0, length)))).toBe('cut')
  })

  it('is noticed when a frame is dropped, swapped, repeated, or follows the end', () => {
    const sealed = sealAll(answer)
    const without = (at: number) => Buffer.concat(sealed.filter((_, index) => index !== at))
    for (let at = 0; at < sealed.length - 1; at++) expect(fault(() => read(without(at)))).toBe('missing')
    expect(fault(() => read(without(sealed.length - 1)))).toBe('cut')
    for (let at = 0; at < sealed.length - 1; at++) {
      const swapped = [...sealed]
      swapped.splice(at, 2, sealed[at + 1] as Buffer, sealed[at] as Buffer)
      expect(fault(() => read(Buffer.concat(swapped)))).toBe('missing')
      const twice = [...sealed]
      twice.splice(at, 0, sealed[at] as Buffer)
      expect(fault(() => read(Buffer.concat(twice)))).toBe('repeated')
    }
    expect(fault(() => read(Buffer.concat([...sealed, sealed[2] as Buffer])))).toBe('beyond')
    expect(fault(() => read(Buffer.concat([...sealed, Buffer.from([0])])))).toBe('beyond')
  })

  it('is bound to its request: no other key, no other nonce, and no number that was written over', () => {
    const sealed = sealAll(answer)
    const bytes = Buffer.concat(sealed)
    expect(fault(() => read(bytes, frameReader(randomBytes(32).toString('base64url'), jti)))).toBe('altered')
    expect(fault(() => read(bytes, frameReader(reply, randomUUID())))).toBe('foreign')
    // Not only what stands in the clear of a nonce binds, but all of it.
    const akin = `${jti.slice(0, 8)}${randomUUID().slice(8)}`
    expect(fault(() => read(bytes, frameReader(reply, akin)))).toBe('altered')
    const elsewhere = frameWriter(randomBytes(32).toString('base64url'), randomUUID()).seal(data('x'))
    expect(fault(() => read(Buffer.concat([sealed[0] as Buffer, elsewhere])))).toBe('foreign')
    const [first, , third] = sealed.map((frame) => Buffer.from(frame))
    third?.writeUInt32BE(1, 12)
    expect(fault(() => read(Buffer.concat([first as Buffer, third as Buffer])))).toBe('altered')
  })

  it('gives what came whole before a fault, and nothing after it', () => {
    const [first, second, third] = sealAll(answer) as [Buffer, Buffer, Buffer]
    const reader = frameReader(reply, jti)
    expect(reader.push(Buffer.concat([first, third]))).toHaveLength(1)
    expect(fault(() => reader.push(second))).toBe('missing')
    expect(fault(() => reader.finish())).toBe('missing')
  })

  it('counts further than 32 bits in a nonce, and is written to its end once', () => {
    const numbers = [0, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7].map((number) => {
      const prefix = Buffer.alloc(17)
      writeNumber(prefix, number)
      return numberIn(prefix)
    })
    expect(numbers).toEqual([0, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7])
    const writer = frameWriter(reply, jti)
    writer.seal({ kind: 'end' })
    expect(() => writer.seal(data('more'))).toThrow(/end of an answer/)
  })

  it('seals what comes together at once, and each frame keeps its number and its bounds', () => {
    const many = [
      answer[1] as Frame,
      ...Array.from({ length: 900 }, (_, at) => data(at % 7 === 0 ? '' : `word ${at} `.repeat(at % 11))),
      data('x'.repeat(20_000)),
      data('last'),
    ]
    const together = () => frameWriter(reply, jti).sealAll([...many, { kind: 'end' }])
    const apart = (() => {
      const writer = frameWriter(reply, jti)
      return Buffer.concat([...many, { kind: 'end' } as const].map((frame) => writer.seal(frame)))
    })()
    expect(plainOf(read(together()))).toEqual(plainOf(read(apart)))
    expect(together().length).toBeLessThan(apart.length)
    // One writer may do both, and the numbers go on.
    const writer = frameWriter(reply, jti)
    const parts = [writer.sealAll([data('a'), data('b')]), writer.seal(data('c')), writer.sealAll([data('d'), data('e'), { kind: 'end' }])]
    expect(plainOf(read(Buffer.concat(parts)))).toEqual(plainOf([...'abcde'].map(data).concat({ kind: 'end' })))
    const [ab, c, rest] = parts as [Buffer, Buffer, Buffer]
    expect(fault(() => read(Buffer.concat([c, ab, rest])))).toBe('missing')
    expect(fault(() => read(Buffer.concat([ab, ab, c, rest])))).toBe('repeated')
    expect(fault(() => read(Buffer.concat([ab, rest])))).toBe('missing')
    for (let bit = 0; bit < ab.length * 8; bit++) {
      const copy = Buffer.from(ab)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      fault(() => read(Buffer.concat([copy, c, rest])))
    }
    expect(() => writer.sealAll([data('a'), data('b')])).toThrow(/end of an answer/)
  })

  it('refuses bytes by chance', () => {
    for (let length = 1; length < 400; length += 3) fault(() => read(randomBytes(length)))
  })
})
