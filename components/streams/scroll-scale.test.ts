import { describe, expect, it } from 'vitest'
import { atEnd, elementHeight, positionAt, scrolled, tallest } from './scroll-scale.ts'

const short = { text: 10_000, viewport: 600 }
const long = { text: 20_000_000, viewport: 600 }

describe('a text that fits', () => {
  it('is scrolled pixel by pixel', () => {
    expect(elementHeight(short)).toBe(10_000)
    expect(scrolled(short, { scrollTop: 0, top: 0 }, 5_000)).toEqual({ scrollTop: 5_000, top: 5_000 })
    expect(positionAt(short, 99_999)).toEqual({ scrollTop: 9_400, top: 9_400 })
  })
})

describe('a text that is taller than any element', () => {
  it('has an element of bounded height', () => expect(elementHeight(long)).toBe(tallest))

  it('moves by as many pixels as the wheel does', () => {
    const from = positionAt(long, 10_000_000)
    expect(scrolled(long, from, from.scrollTop + 120).top).toBe(10_000_120)
    expect(scrolled(long, from, from.scrollTop - 120).top).toBe(9_999_880)
  })

  it('reads the thumb as a share of the whole', () => {
    expect(scrolled(long, positionAt(long, 0), (tallest - 600) / 2).top).toBe((20_000_000 - 600) / 2)
  })

  it('reaches both ends whatever stood between', () => {
    const nearEnd = positionAt(long, long.text - long.viewport - 900)
    expect(scrolled(long, nearEnd, tallest - 600)).toEqual({ scrollTop: tallest - 600, top: long.text - 600 })
    expect(scrolled(long, positionAt(long, 900), 0).top).toBe(0)
    expect(atEnd(long, long.text - 600)).toBe(true)
    expect(atEnd(long, long.text - 700)).toBe(false)
  })

  it('wheels from one end to the other with pauses and passes each pixel once', () => {
    let position = positionAt(long, 0)
    for (let step = 0; step < 2_000; step++) {
      const next = scrolled(long, position, position.scrollTop + 100)
      expect(next.top).toBe((step + 1) * 100)
      position = step % 7 === 0 ? positionAt(long, next.top) : next
    }
  })
})
