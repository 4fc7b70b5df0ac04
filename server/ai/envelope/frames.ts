import { createCipheriv, createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import type { Frame } from './types.ts'

/**
 * Why an answer cannot be taken for whole: a frame that was altered or belongs elsewhere, one that is missing or came out of order, one that came
 * twice, one that is too large, bytes after the end, or no end at all.
 */
export const frameFaultCodes = ['altered', 'missing', 'repeated', 'oversized', 'beyond', 'cut'] as const
export type FrameFaultCode = (typeof frameFaultCodes)[number]

export class FrameFault extends Error {
  override readonly name = 'FrameFault'
  constructor(readonly code: FrameFaultCode) {
    super(`The AI server's answer cannot be used: ${code}.`)
  }
}

/** length of what follows the number | number | ciphertext | tag */
const prefixBytes = 8
const tagBytes = 16
export const maxFrameBytes = 1024 * 1024
const maxNumber = 0xffff_ffff
const kinds = ['head', 'data', 'state', 'end'] as const

const headSchema = z.object({ status: z.number().int(), headers: z.record(z.string(), z.string()) })
const stateSchema = z.object({ state: z.literal('waiting'), status: z.number().int(), waitMs: z.number(), attempt: z.number().int() })

// The key is made for one answer and used for nothing else, so a counter never gives a nonce twice.
function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 8)
  return nonce
}

function boundTo(jti: Buffer, number: number): Buffer {
  const bytes = Buffer.alloc(jti.length + 4)
  jti.copy(bytes)
  bytes.writeUInt32BE(number, jti.length)
  return bytes
}

const keyOf = (reply: string) => {
  const key = Buffer.from(reply, 'base64url')
  if (key.length !== 32) throw new Error('the key of an answer has 32 bytes')
  return key
}

function payloadOf(frame: Frame): Uint8Array {
  if (frame.kind === 'data') return frame.bytes
  if (frame.kind === 'end') return new Uint8Array()
  const { kind: _kind, ...rest } = frame
  return Buffer.from(JSON.stringify(rest))
}

/** Seals the frames of one answer, in order. */
export interface FrameWriter {
  /** One frame as bytes; data of more than a megabyte becomes several. */
  seal(frame: Frame): Buffer
}

/** @param reply the key that the request brought, and `jti` its nonce, to which every frame is bound */
export function frameWriter(reply: string, jti: string): FrameWriter {
  const [key, bound] = [keyOf(reply), Buffer.from(jti)]
  let number = 0
  const one = (kind: Frame['kind'], payload: Uint8Array): Buffer => {
    if (number >= maxNumber) throw new Error('an answer has too many frames')
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: tagBytes })
    cipher.setAAD(boundTo(bound, number))
    const prefix = Buffer.allocUnsafe(prefixBytes)
    prefix.writeUInt32BE(1 + payload.byteLength + tagBytes, 0)
    prefix.writeUInt32BE(number++, 4)
    const parts = [prefix, cipher.update(Buffer.of(kinds.indexOf(kind))), cipher.update(payload), cipher.final()]
    return Buffer.concat([...parts, cipher.getAuthTag()])
  }
  return {
    seal(frame) {
      const payload = payloadOf(frame)
      const most = maxFrameBytes - 64
      if (payload.byteLength <= most) return one(frame.kind, payload)
      if (frame.kind !== 'data') throw new Error('a frame that is no data is small')
      const pieces: Buffer[] = []
      for (let from = 0; from < payload.byteLength; from += most) pieces.push(one('data', payload.subarray(from, from + most)))
      return Buffer.concat(pieces)
    },
  }
}

function parsed<T extends z.ZodType>(schema: T, bytes: Buffer): z.infer<T> {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw new FrameFault('altered')
  }
}

function frameOf(kind: number | undefined, payload: Buffer): Frame {
  const name = kinds[kind ?? -1]
  if (name === 'data') return { kind: 'data', bytes: payload }
  if (name === 'head') return { kind: 'head', ...parsed(headSchema, payload) }
  if (name === 'state') return { kind: 'state', ...parsed(stateSchema, payload) }
  if (name === 'end') return { kind: 'end' }
  throw new FrameFault('altered')
}

/** Opens the frames of one answer out of bytes that come as the network cuts them. */
export interface FrameReader {
  /** The frames that these bytes complete. @throws FrameFault */
  push(bytes: Uint8Array): Frame[]
  /** To be called when the bytes have ended. @throws FrameFault `cut` where the answer has no end */
  finish(): void
}

/** The other side of `frameWriter`. After a fault it gives nothing any more. */
export function frameReader(reply: string, jti: string): FrameReader {
  const [key, bound] = [keyOf(reply), Buffer.from(jti)]
  let held: Buffer = Buffer.alloc(0)
  let number = 0
  let ended = false

  function open(sealed: Buffer): Frame {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: tagBytes })
    decipher.setAAD(boundTo(bound, number))
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    const plain = decipher.update(sealed.subarray(0, -tagBytes))
    try {
      decipher.final()
    } catch {
      plain.fill(0)
      throw new FrameFault('altered')
    }
    number++
    return frameOf(plain[0], plain.subarray(1))
  }

  function next(): Frame | null {
    if (held.length < prefixBytes) return null
    const length = held.readUInt32BE(0)
    if (length > maxFrameBytes) throw new FrameFault('oversized')
    if (length < 1 + tagBytes) throw new FrameFault('altered')
    const said = held.readUInt32BE(4)
    if (said !== number) throw new FrameFault(said < number ? 'repeated' : 'missing')
    if (held.length < prefixBytes + length) return null
    const frame = open(held.subarray(prefixBytes, prefixBytes + length))
    held = held.subarray(prefixBytes + length)
    return frame
  }

  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const frames: Frame[] = []
      while (held.length > 0) {
        if (ended) throw new FrameFault('beyond')
        const frame = next()
        if (!frame) break
        ended = frame.kind === 'end'
        frames.push(frame)
      }
      return frames
    },
    finish() {
      if (!ended || held.length > 0) throw new FrameFault('cut')
    },
  }
}
