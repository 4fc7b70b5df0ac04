import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import type { AiLink } from '@/server/core/ai-link.ts'

/** A way to an AI server that a test stands in. */
export interface Between {
  ai: AiLink
  stop(): Promise<void>
}

/** The same AI server under another address. */
const through = (ai: AiLink, port: number): AiLink => ({
  demo: ai.demo,
  caller: ai.caller,
  serverKey: ai.serverKey,
  url: () => `http://127.0.0.1:${port}`,
})

/** Everything that passes to an AI server and back is recorded; `break` ends all connections at once. */
export async function recording(ai: AiLink): Promise<Between & { sent: Buffer[]; received: Buffer[]; break(): void }> {
  const [sent, received]: [Buffer[], Buffer[]] = [[], []]
  const open = new Set<Socket>()
  const server = createTcpServer((near) => {
    const far = connect(Number(new URL(ai.url()).port), '127.0.0.1')
    for (const [from, to, kept] of [
      [near, far, sent],
      [far, near, received],
    ] as const) {
      open.add(from)
      from.on('data', (chunk: Buffer) => {
        kept.push(chunk)
        to.write(chunk)
      })
      from.on('end', () => to.end()).on('error', () => to.destroy())
      from.on('close', () => open.delete(from) && to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    ai: through(ai, (server.address() as AddressInfo).port),
    ...{ sent, received, break: cut },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}

/** What an AI server is to say instead of answering: a status with a text, or nothing, by hanging up. */
export type Instead = { status: number; text: string } | 'hang up'
/** A refusal as the AI server words it. */
export const refusing = (code: string, retryAfterMs?: number): Instead => ({
  status: 400,
  text: JSON.stringify({ error: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) } }),
})

/** Says to each request the next thing of a list, and hands the others on; keeps what was sent. */
export async function meddling(ai: AiLink): Promise<Between & { instead: Instead[]; bodies: Buffer[] }> {
  const instead: Instead[] = []
  const bodies: Buffer[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    bodies.push(body)
    const said = instead.shift()
    if (said === 'hang up') return response.destroy()
    if (said) return response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.text)
    const target = new URL(request.url ?? '/', ai.url())
    const onward = httpRequest(target, { method: request.method, headers: request.headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    response.on('close', () => onward.destroy())
    onward.on('error', () => response.destroy())
    onward.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ai: through(ai, (server.address() as AddressInfo).port),
    ...{ instead, bodies },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
