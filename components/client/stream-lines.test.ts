import { describe, expect, it } from 'vitest'
import type { Chunk } from '@/server/streams/schema.ts'
import { makeStreamLines } from './stream-lines.ts'

const at = '2026-01-01T00:00:00.000Z'
const chunk = (firstSeq: number, count: number, tag = ''): Chunk => ({
  ...{ firstSeq, count, tag, at },
  text: Array.from({ length: count }, (_, i) => `line ${firstSeq + i}`).join('\n'),
})
/** A stream of segments with changing tags, as a server would keep it. */
function makeStream(segments: number, tags: readonly string[]): Chunk[] {
  const made: Chunk[] = []
  for (let seq = 1, i = 0; i < segments; i++) {
    const next = chunk(seq, 1 + Math.floor(Math.random() * 6), tags[Math.floor(Math.random() * tags.length)] as string)
    made.push(next)
    seq += next.count
  }
  return made
}
const endOf = ({ firstSeq, count }: Pick<Chunk, 'firstSeq' | 'count'>) => firstSeq + count

describe('the whole stream', () => {
  it('has as many lines as its head says, and never fewer than before', () => {
    const lines = makeStreamLines()
    lines.addHead({ nextSeq: 1_000_001, closed: false })
    lines.addHead({ nextSeq: 5, closed: false })
    expect([lines.total, lines.closed]).toEqual([1_000_000, false])
    lines.addHead({ nextSeq: 1_000_001, closed: true })
    lines.addHead({ nextSeq: 1_000_001, closed: false })
    expect(lines.closed).toBe(true)
    expect([lines.seqAt(0), lines.seqAt(999_999), lines.seqAt(1_000_000), lines.positionOf(500)]).toEqual([1, 1_000_000, undefined, 499])
  })

  it('takes chunks in any order and any number of times', () => {
    const stream = makeStream(300, ['a', 'b'])
    const lines = makeStreamLines()
    lines.addHead({ nextSeq: endOf(stream.at(-1) as Chunk), closed: true })
    for (const one of [...stream, ...stream].sort(() => Math.random() - 0.5)) lines.addChunk(one)
    for (let i = 0; i < lines.total; i++) expect(lines.lineAt(i)).toMatchObject({ seq: i + 1, text: `line ${i + 1}` })
    expect(lines.lineAt(lines.total)).toBeUndefined()
    expect(lines.firstMissing(0, lines.total)).toBeUndefined()
  })

  it('says what is missing, and shows a segment that could not be opened as lines without text', () => {
    const lines = makeStreamLines()
    lines.addHead({ nextSeq: 31, closed: false })
    lines.addChunk(chunk(1, 10))
    lines.addChunk({ ...chunk(21, 10), text: null })
    expect(lines.firstMissing(0, 30)).toEqual({ seq: 11, count: 10 })
    expect(lines.firstMissing(12, 14, 17)).toEqual({ seq: 13, count: 5 })
    expect([lines.firstMissing(0, 10), lines.firstMissing(20, 99)]).toEqual([undefined, undefined])
    expect([lines.lineAt(9)?.text, lines.lineAt(10), lines.lineAt(20)?.text]).toEqual(['line 10', undefined, null])
  })

  it('keeps a bounded number of lines: those looked at last', () => {
    const lines = makeStreamLines(undefined, { lines: 100, characters: 1e9 })
    lines.addHead({ nextSeq: 1_001, closed: true })
    lines.addChunk(chunk(1, 10))
    for (let seq = 11; seq <= 991; seq += 10) {
      lines.firstMissing(0, 5)
      lines.addChunk(chunk(seq, 10))
    }
    expect(lines.lineAt(0)?.text).toBe('line 1')
    expect(lines.lineAt(500)).toBeUndefined()
    expect(lines.lineAt(999)?.text).toBe('line 1000')
  })

  it('keeps a bounded number of characters, but always what came last', () => {
    const lines = makeStreamLines(undefined, { lines: 1e9, characters: 1_000 })
    lines.addHead({ nextSeq: 11, closed: true })
    for (let seq = 1; seq <= 10; seq++) lines.addChunk({ ...chunk(seq, 1), text: 'x'.repeat(5_000) })
    expect(lines.lineAt(9)?.text).toHaveLength(5_000)
    expect(lines.lineAt(8)).toBeUndefined()
  })
})

describe('one tag', () => {
  it('counts and numbers like a filter over the whole, however index, chunks and heads come in', () => {
    for (let round = 0; round < 100; round++) {
      const stream = makeStream(60, ['a', 'b', 'c'])
      const mine = stream.filter(({ tag }) => tag === 'b')
      const seqs = mine.flatMap(({ firstSeq, count }) => Array.from({ length: count }, (_, i) => firstSeq + i))
      const lines = makeStreamLines('b')
      // The server grows; the client hears of it live, or loses its socket and asks the index, as neighbours joined.
      let told = 0
      while (told < stream.length) {
        const grown = Math.min(stream.length, told + 1 + Math.floor(Math.random() * 8))
        const head = { nextSeq: endOf(stream[grown - 1] as Chunk), closed: false }
        const live = stream.slice(told, grown)
        if (Math.random() < 0.5) for (const one of live) lines.addChunk(one)
        lines.addHead(head)
        if (lines.indexedTo < lines.lastSeq) {
          const after = lines.indexedTo
          if (Math.random() < 0.3) for (const one of live) lines.addChunk(one)
          const joined: Chunk[] = []
          for (const one of mine.filter(({ firstSeq }) => firstSeq > after && firstSeq < head.nextSeq)) {
            const last = joined.at(-1)
            if (last && endOf(last) === one.firstSeq) last.count += one.count
            else joined.push({ ...one })
          }
          lines.addIndex(joined, head.nextSeq - 1)
        }
        told = grown
      }
      expect(lines.total).toBe(seqs.length)
      expect(seqs.map((_, position) => lines.seqAt(position))).toEqual(seqs)
      expect(seqs.map((seq) => lines.positionOf(seq))).toEqual(seqs.map((_, position) => position))
      for (const one of mine) lines.addChunk(one)
      expect(seqs.map((_, position) => lines.lineAt(position)?.text)).toEqual(seqs.map((seq) => `line ${seq}`))
    }
  })

  it('gives a line of another stage the place of the next one of its own', () => {
    const lines = makeStreamLines('b')
    lines.addHead({ nextSeq: 31, closed: false })
    lines.addIndex(
      [
        { firstSeq: 11, count: 5, tag: 'b', at },
        { firstSeq: 21, count: 5, tag: 'b', at },
      ],
      30,
    )
    expect([1, 11, 15, 16, 20, 21, 30].map((seq) => lines.positionOf(seq))).toEqual([0, 0, 4, 5, 5, 5, 10])
  })

  it('is as quick at a million lines of many runs', () => {
    const lines = makeStreamLines('b')
    lines.addHead({ nextSeq: 2_000_001, closed: true })
    lines.addIndex(
      Array.from({ length: 100_000 }, (_, i) => ({ firstSeq: i * 20 + 1, count: 10, tag: 'b', at })),
      2_000_000,
    )
    const started = performance.now()
    let wrong = 0
    for (let i = 0; i < 100_000; i++) if (lines.positionOf(lines.seqAt(i * 10) as number) !== i * 10) wrong++
    expect(wrong).toBe(0)
    // Milliseconds; a walk through all runs for each would be twenty thousand million steps.
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})
