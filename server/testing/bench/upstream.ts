// A Messages API that answers at once and then says a word every so often, as a process of its own: node --import tsx upstream.ts
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { event, eventsOf } from '@/server/testing/messages-api.ts'

/** What a request asks for besides the API's own fields. */
interface Wanted {
  metadata: { words: number; everyMs: number }
}

const word = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Some words of an answer. ' } })
const [start = '', block = '', ...end] = eventsOf([])

const server = createServer({ noDelay: true, keepAliveTimeout: 120_000 }, async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { words, everyMs } = (JSON.parse(Buffer.concat(chunks).toString()) as Wanted).metadata
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_bench' })
  response.write(start + block + word)
  let left = words - 1
  const timer = setInterval(() => {
    if (left-- > 0) response.write(word)
    else {
      clearInterval(timer)
      response.end(end.join(''))
    }
  }, everyMs)
  response.on('close', () => clearInterval(timer))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
