import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectId } from '@/server/core/gates.ts'
import { streamTopic } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { until } from '@/server/testing/until.ts'
import { maxLineBytes } from './rules.ts'
import * as streams from './service.ts'

let database: TestDatabase
let project: ProjectId
let other: ProjectId

beforeAll(async () => {
  database = await testDatabase()
  register({ ...testKeys(), hub: await openPostgresHub(database.url) })
  project = (await makeProject()).projectId
  other = (await makeProject()).projectId
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

/** Every line of a stream through pages of `limit` lines, checked to be gap-free on the way. */
async function allLines(streamId: string, { tag, limit = 5_000 }: { tag?: string; limit?: number } = {}): Promise<(string | null)[]> {
  const lines: (string | null)[] = []
  for (let from = 1; ; ) {
    const { head, chunks } = await streams.readStream(project, { streamId, from, limit, tag })
    for (const chunk of chunks) {
      if (tag === undefined) expect(chunk.firstSeq).toBe(from)
      else expect(chunk.firstSeq).toBeGreaterThanOrEqual(from)
      const texts = chunk.text === null ? Array<null>(chunk.count).fill(null) : chunk.text.split('\n')
      expect(texts.length).toBe(chunk.count)
      lines.push(...texts)
      from = chunk.firstSeq + chunk.count
    }
    if (chunks.length === 0 || from >= head.nextSeq) return lines
  }
}

const filled = async (write: (writer: streams.Writer) => void) => {
  const id = await streams.createStream(project, 'test')
  const writer = streams.openWriter(project, id)
  write(writer)
  await writer.close()
  return id
}

describe('writing and reading', () => {
  it('gives back what was written, in order, numbered from 1', async () => {
    const wanted = Array.from({ length: 12_000 }, (_, i) => `line ${i} \u001b[31mred\u001b[0m \0 ${'é한🙂'.repeat(i % 5)}`)
    const id = await filled((writer) => writer.write('build', `${wanted.join('\n')}\n`))
    expect(await allLines(id)).toEqual(wanted)
    expect(await allLines(id, { limit: 1 })).toEqual(wanted)
    expect((await streams.streamHead(project, id)).nextSeq).toBe(12_001)
  })

  it('stores nothing that can be read without the key', async () => {
    const id = await filled((writer) => writer.write('', 'a very secret line\n'))
    const { rows } = await database.pool.query<{ sealed: Buffer }>('SELECT sealed FROM "StreamSegment" WHERE "streamId" = $1', [id])
    expect(rows).toHaveLength(1)
    expect(rows[0]?.sealed.includes('secret')).toBe(false)
  })

  it('shows a line some milliseconds after it was written, with no flush', async () => {
    const id = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, id)
    writer.write('', 'there\nnot yet')
    expect(await until(async () => (await allLines(id)).length > 0 && (await allLines(id)))).toEqual(['there'])
    await writer.flush()
    expect(await allLines(id)).toEqual(['there', 'not yet'])
    await writer.close()
  })

  it('starts a page with the segment that holds the line asked for', async () => {
    const id = await filled((writer) => writer.write('', 'x\n'.repeat(30_000)))
    const { chunks } = await streams.readStream(project, { streamId: id, from: 20_001, limit: 10 })
    const [first] = chunks
    expect(chunks).toHaveLength(1)
    expect(first && first.firstSeq <= 20_001 && first.firstSeq + first.count > 20_001).toBe(true)
    expect((await streams.readStream(project, { streamId: id, from: 30_001, limit: 10 })).chunks).toEqual([])
  })

  it('bounds a page of very long lines', async () => {
    const id = await filled((writer) => writer.write('', `${'y'.repeat(60_000)}\n`.repeat(200)))
    const { chunks } = await streams.readStream(project, { streamId: id, from: 1, limit: 20_000 })
    expect(chunks.reduce((sum, chunk) => sum + (chunk.text?.length ?? 0), 0)).toBeLessThan(5_000_000)
    expect((await allLines(id)).length).toBe(200)
  })

  it('cuts a line of 100 KB and gives it back whole in the download', async () => {
    const line = randomBytes(50_000).toString('hex')
    const id = await filled((writer) => writer.write('', `a\n${line}\nb\n`))
    const lines = await allLines(id)
    expect(lines).toHaveLength(4)
    expect(Math.max(...lines.map((text) => text?.length ?? 0))).toBeLessThanOrEqual(maxLineBytes + 2)
    const raw: Buffer[] = []
    for await (const part of streams.rawStream(project, id)) raw.push(part)
    expect(Buffer.concat(raw).toString()).toBe(`a\n${line}\nb\n`)
  })

  it('keeps the stages apart: filter, index and download by tag', async () => {
    const id = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, id)
    for (let round = 0; round < 6; round++) {
      writer.write('front', `f${round}a\nf${round}b\n`)
      await writer.flush('front')
      writer.write('back', `b${round}\n`)
      if (round % 2) await writer.flush()
    }
    await writer.close()
    expect(await allLines(id, { tag: 'back' })).toEqual(['b0', 'b1', 'b2', 'b3', 'b4', 'b5'])
    expect((await allLines(id, { tag: 'front' })).length).toBe(12)
    const { head, segments, next } = await streams.indexStream(project, { streamId: id, after: 0 })
    expect(next).toBeNull()
    let expected = 1
    for (const [i, segment] of segments.entries()) {
      expect(segment.firstSeq).toBe(expected)
      if (i > 0) expect(segment.tag).not.toBe(segments[i - 1]?.tag)
      expected += segment.count
    }
    expect(expected).toBe(head.nextSeq)
    const back = await streams.indexStream(project, { streamId: id, after: 0, tag: 'back' })
    expect(back.segments.reduce((sum, segment) => sum + segment.count, 0)).toBe(6)
    const later = await streams.indexStream(project, { streamId: id, after: back.segments[1]?.firstSeq ?? 0, tag: 'back' })
    expect(later.segments).toEqual(back.segments.slice(2))
    const raw: Buffer[] = []
    for await (const part of streams.rawStream(project, id, 'back')) raw.push(part)
    expect(Buffer.concat(raw).toString()).toBe('b0\nb1\nb2\nb3\nb4\nb5\n')
  })

  it('ends the unfinished line of one voice only', async () => {
    const id = await streams.createStream(project, 'test')
    const front = streams.openWriter(project, id)
    const back = streams.openWriter(project, id)
    front.write('front', 'half')
    back.write('back', 'done')
    await back.close()
    front.write('front', ' and half\n')
    await front.close()
    expect(await allLines(id)).toEqual(['done', 'half and half'])
  })

  it('shows a segment that cannot be opened as lines without text, and the rest of the page', async () => {
    const id = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, id)
    for (const text of ['one\n', 'two\nthree\n', 'four\n']) {
      writer.write('', text)
      await writer.flush()
    }
    await writer.close()
    await database.pool.query(
      'UPDATE "StreamSegment" SET sealed = set_byte(sealed, 48, get_byte(sealed, 48) # 1) WHERE "streamId" = $1 AND "firstSeq" = 2',
      [id],
    )
    expect(await allLines(id)).toEqual(['one', null, null, 'four'])
    const raw: Buffer[] = []
    for await (const part of streams.rawStream(project, id)) raw.push(part)
    expect(Buffer.concat(raw).toString()).toBe('one\n[2 lines could not be opened]\nfour\n')
  })

  it('does not open a segment that was moved, renamed or counted anew', async () => {
    const id = await filled((writer) => writer.write('a', 'one\n'))
    for (const change of [`tag = 'b'`, `count = 2`, `codec = 'br'`]) {
      await database.pool.query(`UPDATE "StreamSegment" SET ${change} WHERE "streamId" = $1`, [id])
      expect((await streams.readStream(project, { streamId: id, from: 1, limit: 10 })).chunks[0]?.text).toBeNull()
    }
  })
})

describe('borders', () => {
  it("refuses another project's stream for every use", async () => {
    const id = await filled((writer) => writer.write('', 'mine\n'))
    const refused = { code: 'NOT_FOUND' }
    await expect(streams.readStream(other, { streamId: id, from: 1, limit: 1 })).rejects.toMatchObject(refused)
    await expect(streams.indexStream(other, { streamId: id, after: 0 })).rejects.toMatchObject(refused)
    await expect(streams.rawStream(other, id)[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused)
    const writer = streams.openWriter(other, id)
    writer.write('', 'theirs\n')
    await expect(writer.flush()).rejects.toMatchObject(refused)
    await expect(writer.close()).rejects.toMatchObject(refused)
    await streams.closeStream(other, id)
    expect(await streams.deleteStreamsOf(other, [id])).toBe(0)
    expect(await streams.streamHead(project, id)).toMatchObject({ nextSeq: 2, closed: false })
  })

  it('closes: what was held is stored, then nothing is added, and closing again changes nothing', async () => {
    const id = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, id)
    writer.write('', 'last words')
    const hints: unknown[] = []
    const end = registry('hub').subscribe(streamTopic(id), (hint) => hints.push(hint))
    await streams.closeStream(project, id)
    await streams.closeStream(project, id)
    end()
    expect(hints).toEqual([
      { nextSeq: 2, closed: false },
      { nextSeq: 2, closed: true },
    ])
    writer.write('', 'too late\n')
    await expect(writer.flush()).rejects.toMatchObject({ code: 'CONFLICT' })
    await writer.close().catch(() => undefined)
    const again = streams.openWriter(project, id)
    again.write('', 'still too late\n')
    await expect(again.close()).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await allLines(id)).toEqual(['last words'])
  })

  it('removes streams with their lines', async () => {
    const id = await filled((writer) => writer.write('', 'gone\n'))
    expect(await streams.deleteStreamsOf(project, [id])).toBe(1)
    await expect(streams.streamHead(project, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('when the database is away', () => {
  it('keeps the lines and stores each once, though its connections are ended again and again', async () => {
    const id = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, id)
    const wanted: string[] = []
    for (let i = 0; i < 400; i++) {
      const line = `${i} ${randomBytes(200).toString('hex')}`
      wanted.push(line)
      writer.write('', `${line}\n`)
      if (i % 20 === 0) {
        void database.pool
          .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
          .catch(() => undefined)
      }
      await new Promise(setImmediate)
      if (i % 5 === 0) await writer.flush()
    }
    await writer.close()
    expect(await until(() => allLines(id))).toEqual(wanted)
  })
})
