import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { frameWriter } from '../envelope/frames.ts'
import { type Claims, type Frame, type InnerRequest, sealedAnswerType } from '../envelope/types.ts'
import type { Claude, ClaudeAnswer } from '../upstreams/types.ts'
import { makeSplitter } from './events.ts'
import { type Meter, makeMeter } from './meter.ts'

/** What one answer was, in numbers. */
export interface Answered {
  /** The API's own status; 0 where it never came to one. */
  status: number
  bytes: number
  frames: number
  waits: number
  micros: number
}

interface Way {
  response: ServerResponse
  signal: AbortSignal
  sealAll(frames: readonly Frame[]): Buffer
  count: Answered
}

/** Writes frames; what belongs together goes into one packet. Waits while the caller does not take more. */
async function write({ response, signal, sealAll, count }: Way, frames: readonly Frame[]): Promise<void> {
  signal.throwIfAborted()
  if (!response.headersSent) response.writeHead(200, { 'content-type': sealedAnswerType, 'cache-control': 'no-store' })
  const bytes = sealAll(frames)
  count.frames += frames.length
  count.bytes += bytes.length
  if (!response.write(bytes)) await once(response, 'drain', { signal })
}

const dataOf = (bytes: Buffer): Frame => ({ kind: 'data', bytes })

/** Passes an answer on as it comes: an event stream event by event, anything else piece by piece. */
async function passOn(way: Way, { status, headers, bytes }: ClaudeAnswer, meter: Meter): Promise<void> {
  way.count.status = status
  await write(way, [{ kind: 'head', status, headers }])
  const splitter = headers['content-type']?.includes('text/event-stream') ? makeSplitter() : null
  for await (const chunk of bytes) {
    const pieces = splitter ? splitter.push(chunk) : [chunk]
    for (const piece of pieces) meter.see(piece)
    if (pieces.length > 0) await write(way, pieces.map(dataOf))
  }
  await write(way, [...(splitter?.rest() ?? []).map(dataOf), { kind: 'end' }])
}

/**
 * Asks Claude and answers with sealed frames.
 * @throws where the caller hangs up or the API breaks off; an answer without its end is all that the caller then has
 */
export async function answerSealed(
  claude: Claude,
  { claims, request }: { claims: Claims; request: InnerRequest },
  { response, signal, spent }: { response: ServerResponse; signal: AbortSignal; spent(answered: Answered): void },
): Promise<void> {
  const count: Answered = { status: 0, bytes: 0, frames: 0, waits: 0, micros: 0 }
  const way = { response, signal, count, sealAll: frameWriter(claims.reply, claims.jti).sealAll }
  let meter: Meter | undefined
  try {
    const answer = await claude.ask(request, signal, (state) => {
      count.waits++
      return write(way, [{ kind: 'state', state: 'waiting', ...state }])
    })
    meter = makeMeter(answer.headers['content-type'] ?? '')
    await passOn(way, answer, meter)
    response.end()
  } finally {
    count.micros = meter?.micros() ?? 0
    spent(count)
  }
}
