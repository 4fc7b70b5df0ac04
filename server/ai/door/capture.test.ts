import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { testAi } from '@/server/testing/ai.ts'
import { recording } from '@/server/testing/between.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { json, type MessagesApi, message, startMessagesApi, stream } from '@/server/testing/messages-api.ts'
import { makePlants, needlesOf, type Plant } from '@/server/testing/plants.ts'
import { modelClient } from '../service.ts'

let database: TestDatabase
let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
let wire: Awaited<ReturnType<typeof recording>>

beforeAll(async () => {
  database = await testDatabase()
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url })
  wire = await recording(server.ai)
  register({ ai: wire.ai })
})
afterAll(async () => {
  await wire.stop()
  await server.stop()
  await api.stop()
  await database.drop()
})

const looksLikeZlib = (head: number) => ((head >> 8) & 15) === 8 && head % 31 === 0
const looksLikeGzip = (head: number) => head === 0x1f8b

/** All that may lie compressed in some bytes: whatever a decompressor makes of any place of theirs that could be its beginning. */
function unpacked(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 1 < bytes.length; at++) {
    const head = bytes.readUInt16BE(at)
    const tries = [
      inflateRawSync,
      brotliDecompressSync,
      ...(looksLikeZlib(head) ? [inflateSync] : []),
      ...(looksLikeGzip(head) ? [gunzipSync] : []),
    ]
    for (const attempt of tries) {
      try {
        const out = attempt(bytes.subarray(at), { maxOutputLength: 100_000 })
        if (out.length > 8) found.push(out)
      } catch {
        // Nothing that this decompressor knows lies here.
      }
    }
  }
  return found
}

/** The parts of a compact JWE as bytes, besides the text itself. */
const partsOf = (text: string): Buffer[] =>
  text.split(/[\r\n.]+/).flatMap((part) => (part.length > 8 ? [Buffer.from(part, 'base64url')] : []))

function foundIn(heap: readonly Buffer[], plants: readonly Plant[]): string[] {
  const found: string[] = []
  for (const [name, needle] of needlesOf(plants)) if (needle.length > 7 && heap.some((bytes) => bytes.includes(needle))) found.push(name)
  return found
}

it('whoever listens between the app and the AI server sees nothing of what is said, in either direction', async () => {
  const [asked, answered] = [makePlants(50), makePlants(50)]
  const { projectId } = await makeProject()
  const client = modelClient(projectId, { name: 'listener' })
  const half = (plants: readonly Plant[], from: number) => plants.slice(from, from + 25).map(({ text }) => text)
  const request = (from: number) => ({
    ...{ model: 'claude-haiku-5-5', max_tokens: 10, system: half(asked, from).join('\n') },
    messages: [{ role: 'user' as const, content: half(asked, from).join('\n') }],
  })
  api.answers = [json(200, message(half(answered, 0).join('\n'))), stream(half(answered, 25))]
  const document = await client.messages.create(request(0))
  const streamed = await client.messages.stream(request(25)).finalMessage()
  const heard = JSON.stringify([document.content, streamed.content])
  for (const { core } of answered) expect(heard).toContain(core)

  const [sent, received] = [Buffer.concat(wire.sent), Buffer.concat(wire.received)]
  expect(sent.toString('latin1').match(/POST \/v1\/sealed /g)).toHaveLength(2)
  expect(received.length).toBeGreaterThan(1_000)
  const parts = partsOf(sent.toString('latin1'))
  expect(foundIn([sent, received, ...parts], [...asked, ...answered])).toEqual([])
  const packed = [sent, received, ...parts].flatMap(unpacked)
  expect(foundIn(packed, [...asked, ...answered])).toEqual([])
  // What stands in the clear is what it takes to find the key and the frame's place: no project, no purpose, no model.
  for (const bytes of [sent, received, ...parts])
    expect(bytes.toString('latin1')).not.toMatch(new RegExp(`${projectId}|listener|haiku|max_tokens|text_delta`))
})

it('and would have seen it, had it not been sealed', async () => {
  const plants = makePlants(50)
  const open = JSON.stringify(plants.map(({ text }) => text))
  const { deflateRawSync, brotliCompressSync } = await import('node:zlib')
  for (const { core } of plants) {
    const own = plants.filter((plant) => plant.core === core)
    expect(foundIn([Buffer.from(open)], own).length).toBeGreaterThan(0)
  }
  for (const pack of [deflateRawSync, brotliCompressSync]) {
    const packed = Buffer.concat([Buffer.from('some header'), pack(Buffer.from(open))])
    expect(foundIn(unpacked(packed), plants).length).toBeGreaterThanOrEqual(50)
  }
  expect(foundIn(partsOf(`x.${Buffer.from(open).toString('base64url')}`), plants).length).toBeGreaterThanOrEqual(50)
})
