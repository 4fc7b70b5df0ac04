import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { countLines, cutMark, joinPieces, maxLineBytes, segmentBytes, segmentLines } from '@/server/streams/rules.ts'
import { makeGatherer } from './gatherer.ts'
import { batchText } from './packer.ts'
import type { Batch } from './types.ts'

/** Writes pieces under one tag and returns the lines that come out, in order. */
function linesOf(pieces: (string | Buffer)[], tag = ''): { lines: string[]; batches: Batch[] } {
  const batches: Batch[] = []
  const gatherer = makeGatherer((batch) => batches.push(batch))
  for (const piece of pieces) gatherer.write(tag, Buffer.from(piece), 1)
  gatherer.endPartials(2)
  batches.push(...gatherer.take())
  return { lines: batches.flatMap((batch) => batchText(batch).toString('utf8').split('\n')), batches }
}

describe('the gatherer', () => {
  it('gives the same lines however the bytes were cut', () => {
    const text = Array.from({ length: 400 }, (_, i) => `line ${i} ${'é한🙂'.repeat(i % 7)}`).join('\n')
    const bytes = Buffer.from(text)
    for (let round = 0; round < 200; round++) {
      const pieces: Buffer[] = []
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + Math.floor(Math.random() * (round + 1) * 3)
        pieces.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(linesOf(pieces).lines.join('\n')).toBe(text)
    }
  })

  it('counts exactly what it gives, empty lines and NUL characters included', () => {
    const { lines, batches } = linesOf(['\n\na\0b\n', '\n', 'last'])
    expect(lines).toEqual(['', '', 'a\0b', '', 'last'])
    expect(batches.reduce((sum, batch) => sum + batch.lines, 0)).toBe(5)
  })

  it('counts like a plain loop, wherever the bytes lie', () => {
    for (let round = 0; round < 500; round++) {
      const noise = randomBytes(64 + (round % 9)).map((byte) => (byte < 90 ? 10 : byte < 120 ? 0x8a : byte < 140 ? 0x0b : byte))
      const part = noise.subarray(round % 5, noise.length - (round % 3))
      expect(countLines(part)).toBe(part.filter((byte) => byte === 10).length)
    }
  })

  it('holds a line back until it has ended', () => {
    const gatherer = makeGatherer(() => undefined)
    gatherer.write('a', Buffer.from('begun'), 1)
    expect(gatherer.take()).toEqual([])
    gatherer.write('a', Buffer.from(' and ended\n'), 2)
    expect(gatherer.take().map((batch) => batchText(batch).toString())).toEqual(['begun and ended'])
  })

  it('keeps each voice apart and ends the line of one voice only', () => {
    const gatherer = makeGatherer(() => undefined)
    gatherer.write('a', Buffer.from('a1\na2'), 1)
    gatherer.write('b', Buffer.from('b1\nb2'), 1)
    gatherer.endPartials(2, 'a')
    expect(gatherer.take().map((batch) => [batch.tag, batchText(batch).toString()])).toEqual([
      ['a', 'a1\na2'],
      ['b', 'b1'],
    ])
    expect(gatherer.partialBytes).toBe(2)
  })

  it('cuts a very long line into marked pieces that split no character, and a download joins them', () => {
    for (const line of ['x'.repeat(100_000), '🙂'.repeat(40_000), `${'é'.repeat(maxLineBytes)}!`, 'y'.repeat(maxLineBytes + 1)]) {
      for (const pieces of [[`before\n${line}\nafter\n`], [`before\n${line.slice(0, 70_000)}`, `${line.slice(70_000)}\nafter\n`]]) {
        const { lines } = linesOf(pieces)
        expect(lines[0]).toBe('before')
        expect(lines.at(-1)).toBe('after')
        const cut = lines.slice(1, -1)
        expect(cut.every((piece) => Buffer.byteLength(piece) <= maxLineBytes + Buffer.byteLength(cutMark))).toBe(true)
        expect(cut.slice(0, -1).every((piece) => piece.endsWith(cutMark) && !piece.includes('\ufffd'))).toBe(true)
        expect(joinPieces(Buffer.from(lines.join('\n'))).toString()).toBe(`before\n${line}\nafter`)
      }
    }
    expect(linesOf(['z'.repeat(maxLineBytes)]).lines).toEqual(['z'.repeat(maxLineBytes)])
  })

  it('keeps what only looks like a cut', () => {
    const text = Buffer.from(`short${cutMark}\nnext`)
    expect(joinPieces(text).equals(text)).toBe(true)
  })

  it('bounds what one line without an end can hold', () => {
    const gatherer = makeGatherer(() => undefined)
    for (let i = 0; i < 5_000; i++) {
      gatherer.write('', Buffer.alloc(997, 120), 1)
      gatherer.take()
      expect(gatherer.partialBytes).toBeLessThanOrEqual(maxLineBytes)
    }
  })

  it('closes a batch at its bounds', () => {
    const bytes = linesOf([`${'x'.repeat(99)}\n`.repeat(50_000)]).batches
    expect(bytes.length).toBeGreaterThan(10)
    expect(Math.max(...bytes.map((batch) => batch.bytes))).toBeLessThanOrEqual(segmentBytes + maxLineBytes + 1)
    const lines = linesOf(['\n'.repeat(segmentLines)])
    expect(lines.batches[0]?.lines).toBe(segmentLines)
  })

  it('replaces what is no UTF-8 and keeps the line breaks', () => {
    const { lines, batches } = linesOf([Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0x0a, 0x62])])
    expect(lines).toEqual(['a\ufffd', '\ufffd', 'b'])
    expect(batches[0]?.lines).toBe(3)
    for (let i = 0; i < 50; i++) {
      const noise = randomBytes(5_000)
      expect(linesOf([noise, '\n']).lines.length).toBe(countLines(noise) + 1)
    }
  })
})
