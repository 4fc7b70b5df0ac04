// Two programs for the benchmark of sealed streams: a Messages API that says all its words at once, and a relay in front of it that does what
// the AI server does, but seals nothing. node --import tsx flood.ts [url of the API to relay]
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeSplitter } from '@/server/ai/server/events.ts'
import { makeMeter } from '@/server/ai/server/meter.ts'
import { openClaude } from '@/server/ai/upstreams/claude.ts'
import { systemClock } from '@/server/core/clock.ts'
import { event, eventsOf } from '@/server/testing/messages-api.ts'

const chunkEvents = 100
const word = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Some words of an answer. ' } })
const [start = '', block = '', ...end] = eventsOf([])

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Says as many words as are asked for, as fast as they are taken. */
async function speak(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { metadata } = JSON.parse(await textOf(request)) as { metadata: { words: number } }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(start + block)
  const chunk = Buffer.from(word.repeat(chunkEvents))
  for (let left = metadata.words; left > 0; left -= chunkEvents) if (!response.write(chunk)) await once(response, 'drain')
  response.end(end.join(''))
}

function relayTo(baseUrl: string) {
  const claude = openClaude({ baseUrl, apiKey: 'bench', clock: systemClock, retries: 0, waitingMs: 0 })
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const inner = { path: '/v1/messages' as const, headers: {}, body: await textOf(request) }
    const { status, headers, bytes } = await claude.ask(inner, new AbortController().signal, () => undefined)
    response.writeHead(status, headers)
    const [splitter, meter] = [makeSplitter(), makeMeter(headers['content-type'] ?? '')]
    for await (const chunk of bytes) {
      const events = splitter.push(chunk)
      for (const one of events) meter.see(one)
      if (events.length > 0 && !response.write(Buffer.concat(events))) await once(response, 'drain')
    }
    response.end()
  }
}

const upstream = process.argv[2]
const server = createServer({ noDelay: true }, upstream ? relayTo(upstream) : speak)
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
