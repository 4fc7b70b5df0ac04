import { expect, test } from 'vitest'
import { makeRing } from './ring.ts'

const textOf = ({ data }: { data: Uint8Array }) => Buffer.from(data).toString()

test('keeps the last bytes by their numbers, in pieces of any size', () => {
  const ring = makeRing(10_000)
  for (let at = 0; at < 200_000; at++) ring.add(Buffer.from(String(at % 10)))
  expect(ring.end()).toBe(200_000)
  expect(ring.end() - ring.start()).toBeLessThan(20_000)
  expect(textOf(ring.after(199_995))).toBe('56789')
  expect(textOf(ring.after(199_990, 3))).toBe('012')
  expect(ring.after(0)).toMatchObject({ at: ring.start() })
  ring.add(Buffer.alloc(50_000, 'x'))
  expect(textOf(ring.after(249_997))).toBe('xxx')
})
