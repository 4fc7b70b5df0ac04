import type { IncomingMessage } from 'node:http'
import { frameReader } from '../envelope/frames.ts'
import type { Claims, Frame } from '../envelope/types.ts'

type Waiting = Omit<Extract<Frame, { kind: 'state' }>, 'kind' | 'state'>

/** An answer whose head has come. */
export interface Opened {
  status: number
  headers: Record<string, string>
  /** The body as it comes; throws where it is not whole. Whoever stops early ends the request. */
  body: AsyncGenerator<Buffer>
}

async function* framesOf(message: IncomingMessage, { reply, jti }: Claims): AsyncGenerator<Frame[]> {
  const reader = frameReader(reply, jti)
  try {
    for await (const chunk of message) yield reader.push(chunk as Buffer)
    reader.finish()
  } finally {
    message.destroy()
  }
}

const dataIn = (frames: readonly Frame[]): Buffer => {
  const parts = frames.flatMap((frame) => (frame.kind === 'data' ? [frame.bytes as Buffer] : []))
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

async function* bodyOf(first: readonly Frame[], rest: AsyncGenerator<Frame[]>): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield dataIn(first)
    for await (const frames of rest) {
      if (frames.some(({ kind }) => kind === 'head')) throw new Error('an answer has one head')
      const data = dataIn(frames)
      if (data.length > 0) yield data
    }
  } finally {
    await rest.return(undefined)
  }
}

/** More states than the AI server has patience for. */
const mostStates = 100

/** Whether a head can be told to the SDK: a status and headers that HTTP has. */
function isHead({ status, headers }: Pick<Opened, 'status' | 'headers'>): boolean {
  try {
    return new Response(null, { status, headers }).status === status
  } catch {
    return false
  }
}

/**
 * Opens an answer up to its head; what the AI server says before is told.
 * @throws FrameFault or the connection's error where the answer breaks off before
 */
export async function openAnswer(message: IncomingMessage, claims: Claims, tell: (waiting: Waiting) => void): Promise<Opened> {
  const all = framesOf(message, claims)
  let states = 0
  for (;;) {
    const { value: frames, done } = await all.next()
    if (done) throw new Error('the answer has no head')
    for (const [at, frame] of frames.entries()) {
      if (frame.kind === 'state' && ++states <= mostStates) {
        tell({ status: frame.status, waitMs: frame.waitMs, attempt: frame.attempt })
        continue
      }
      if (frame.kind === 'head' && isHead(frame))
        return { status: frame.status, headers: frame.headers, body: bodyOf(frames.slice(at + 1), all) }
      await all.return(undefined)
      throw new Error('an answer begins with its head')
    }
  }
}
