import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { holdBody, refuse } from './bodies.ts'

let server: Server
const port = () => (server.address() as AddressInfo).port
afterEach(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

/** A server that answers with what it read, or with why it did not; `before` may wait, as a server that is still starting does. */
async function serve(bounds: { maxBytes: number; maxMs: number }, before: () => Promise<unknown> | null = () => null): Promise<void> {
  server = createServer((incoming, response) => {
    const hold = () =>
      holdBody(incoming, bounds, (trouble) => {
        if (trouble) refuse(incoming, response, { status: trouble === 'long' ? 413 : 408, message: trouble })
        else
          incoming
            .setEncoding('utf8')
            .toArray()
            .then((parts) => response.end(parts.join('')))
      })
    const waiting = before()
    if (waiting) void waiting.then(hold)
    else hold()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}
const send = (body: Buffer | string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const call = request({ port: port(), host: '127.0.0.1', method: 'POST', agent: false, headers }, (answer) => {
      answer
        .setEncoding('utf8')
        .toArray()
        .then((parts) => resolve({ status: answer.statusCode ?? 0, text: parts.join('') }), reject)
    })
    call.on('error', reject).end(body)
  })
const chunked = { 'transfer-encoding': 'chunked' }

test.each([{}, chunked] as Record<string, string>[])(
  'what came in while something else was awaited is read as a whole: %j',
  async (headers) => {
    await serve({ maxBytes: 300_000, maxMs: 60_000 }, () => new Promise((resolve) => setTimeout(resolve, 30)))
    for (const length of [3, 20_000, 200_000]) expect((await send('é'.repeat(length / 2), headers)).text).toBe('é'.repeat(length / 2))
    expect((await send('x'.repeat(300_001), headers)).status).toBe(413)
  },
)

test('a body that comes too slowly is answered in words, and its connection ends', async () => {
  await serve({ maxBytes: 100, maxMs: 50 })
  const socket = connect(port(), '127.0.0.1')
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes
  })
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\nabc')
  await new Promise((resolve) => socket.once('close', resolve))
  expect(heard).toContain('HTTP/1.1 408')
  expect(heard).toContain('"message":"slow"')
})

test('bodies that come in pieces, one after another on one connection, stay apart', async () => {
  await serve({ maxBytes: 100, maxMs: 60_000 })
  const socket = connect(port(), '127.0.0.1')
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes
  })
  const pieces = [
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-le',
    'ngth: 6\r\n\r\nab',
    'cdefPOST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n',
    '\r\n3\r\ngh',
    'i\r\n0\r\n\r\n',
  ]
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise(setImmediate)
  }
  while (!heard.includes('ghi')) await new Promise((resolve) => socket.once('data', resolve))
  expect(heard.match(/abcdef|ghi/g)).toEqual(['abcdef', 'ghi'])
  socket.destroy()
})
