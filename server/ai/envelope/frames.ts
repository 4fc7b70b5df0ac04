import { createCipheriv, createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import type { Frame } from './types.ts'

/**
 * Why an answer cannot be taken for whole: a frame that was altered or belongs to another answer, one that is missing or came out of order, one
 * that came twice, one that is too large, bytes after the end, or no end at all.
 */
export const frameFaultCodes = ['altered', 'foreign', 'missing', 'repeated', 'oversized', 'beyond', 'cut'] as const
export type FrameFaultCode = (typeof frameFaultCodes)[number]

export class FrameFault extends Error {
  override readonly name = 'FrameFault'
  constructor(readonly code: FrameFaultCode) {
    super(`The AI server's answer cannot be used: ${code}.`)
  }
}

/**
 * A frame is, in the clear, the length of its sealed part (4 bytes), whose answer it belongs to (4, the first of the nonce), its number (8) and its
 * kind (1); then the sealed part and its tag.
 */
const prefixBytes = 17
const markBytes = 4
const numberAt = 8
const kindAt = 16
const tagBytes = 16
/** Whoever announces a longer frame is not believed, so little memory is held for what does not open in the end. */
export const maxFrameBytes = 1024 * 1024
const mostData = maxFrameBytes - tagBytes
/** `row`: several frames of data, one after another, each with its length before it; they come to as many numbers. */
const kinds = ['head', 'data', 'state', 'end', 'row'] as const
type Kind = (typeof kinds)[number]
const lengthBytes = 4
/** A row is closed once it has this many bytes: what waits for its end is not told before. */
const mostRow = 16 * 1024

const headSchema = z.object({ status: z.number().int(), headers: z.record(z.string(), z.string()) })
const stateSchema = z.object({ state: z.literal('waiting'), status: z.number().int(), waitMs: z.number(), attempt: z.number().int() })

/** What binds a frame to its place: the request's nonce, then its own prefix with number and kind. */
function makeBinding(jti: string) {
  const nonceOfRequest = Buffer.from(jti.replaceAll('-', ''), 'hex')
  const additional = Buffer.alloc(nonceOfRequest.length + prefixBytes)
  nonceOfRequest.copy(additional)
  return {
    mark: nonceOfRequest.readUInt32BE(0),
    /** Both are read before the next frame comes, so each answer has one of them. */
    of(prefix: Buffer): Buffer {
      prefix.copy(additional, nonceOfRequest.length, 0, prefixBytes)
      return additional
    },
  }
}

/**
 * AES-GCM's nonce for a frame: its number, 64 bits wide. The key is made for one answer, which one writer seals, and no number comes twice in it, so
 * neither does a nonce; random ones would only make that likely.
 */
function makeNonces() {
  const nonce = Buffer.alloc(12)
  return (prefix: Buffer): Buffer => {
    prefix.copy(nonce, nonce.length - 8, numberAt, numberAt + 8)
    return nonce
  }
}

/** Writes a frame's number where its prefix has it. */
export function writeNumber(prefix: Buffer, number: number): void {
  prefix.writeUInt32BE(Math.floor(number / 2 ** 32), numberAt)
  prefix.writeUInt32BE(number % 2 ** 32, numberAt + 4)
}

/** The number that a frame says it has. */
export const numberIn = (prefix: Buffer): number => prefix.readUInt32BE(numberAt) * 2 ** 32 + prefix.readUInt32BE(numberAt + 4)

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

/** Frames that may share a seal stand together: data next to data, up to a row's size. */
function groupsOf(frames: readonly Frame[]): Frame[][] {
  const groups: Frame[][] = []
  let room = 0
  for (const frame of frames) {
    const bytes = frame.kind === 'data' ? frame.bytes.byteLength + lengthBytes : Number.POSITIVE_INFINITY
    if (bytes <= room) groups.at(-1)?.push(frame)
    else groups.push([frame])
    room = bytes <= room ? room - bytes : mostRow - bytes
  }
  return groups
}

function rowOf(frames: readonly Frame[]): Buffer {
  const payloads = frames.map(payloadOf)
  const row = Buffer.allocUnsafe(payloads.reduce((sum, { byteLength }) => sum + lengthBytes + byteLength, 0))
  let at = 0
  for (const payload of payloads) {
    row.writeUInt32BE(payload.byteLength, at)
    row.set(payload, at + lengthBytes)
    at += lengthBytes + payload.byteLength
  }
  return row
}

/** Seals the frames of one answer, in order. */
export interface FrameWriter {
  /** Frames that came together: data that follows data shares a seal, which is most of what a small frame costs. Each keeps its number. */
  sealAll(frames: readonly Frame[]): Buffer
  /** One frame as bytes; data of more than a megabyte becomes several. */
  seal(frame: Frame): Buffer
}

/** @param reply the key that the request brought, and `jti` its nonce, to which every frame is bound */
export function frameWriter(reply: string, jti: string): FrameWriter {
  const [key, binding, nonceOf] = [keyOf(reply), makeBinding(jti), makeNonces()]
  let number = 0
  let ended = false
  const one = (kind: Kind, payload: Uint8Array, numbers = 1): Buffer => {
    const frame = Buffer.allocUnsafe(prefixBytes + payload.byteLength + tagBytes)
    frame.writeUInt32BE(payload.byteLength + tagBytes, 0)
    frame.writeUInt32BE(binding.mark, markBytes)
    writeNumber(frame, number)
    number += numbers
    frame[kindAt] = kinds.indexOf(kind)
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frame), { authTagLength: tagBytes }).setAAD(binding.of(frame))
    cipher.update(payload).copy(frame, prefixBytes)
    cipher.final()
    cipher.getAuthTag().copy(frame, prefixBytes + payload.byteLength)
    return frame
  }
  const seal = (frame: Frame): Buffer => {
    if (ended) throw new Error('nothing follows the end of an answer')
    ended = frame.kind === 'end'
    const payload = payloadOf(frame)
    if (payload.byteLength <= mostData) return one(frame.kind, payload)
    if (frame.kind !== 'data') throw new Error('a frame that is no data is small')
    const pieces: Buffer[] = []
    for (let from = 0; from < payload.byteLength; from += mostData) pieces.push(one('data', payload.subarray(from, from + mostData)))
    return Buffer.concat(pieces)
  }
  return {
    seal,
    sealAll(frames) {
      const sealed: Buffer[] = []
      for (const group of groupsOf(frames)) {
        const [first] = group
        if (group.length === 1 && first) sealed.push(seal(first))
        else if (ended) throw new Error('nothing follows the end of an answer')
        else sealed.push(one('row', rowOf(group), group.length))
      }
      return sealed.length === 1 && sealed[0] ? sealed[0] : Buffer.concat(sealed)
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

function framesOfRow(row: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at < row.length; ) {
    const from = at + lengthBytes
    const end = from <= row.length ? from + row.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (end > row.length) throw new FrameFault('altered')
    frames.push({ kind: 'data', bytes: row.subarray(from, end) })
    at = end
  }
  if (frames.length === 0) throw new FrameFault('altered')
  return frames
}

function framesOf(kind: Kind, payload: Buffer): Frame[] {
  if (kind === 'data') return [{ kind, bytes: payload }]
  if (kind === 'head') return [{ kind, ...parsed(headSchema, payload) }]
  if (kind === 'state') return [{ kind, ...parsed(stateSchema, payload) }]
  return kind === 'row' ? framesOfRow(payload) : [{ kind }]
}

/** Opens the frames of one answer out of bytes that come as the network cuts them. */
export interface FrameReader {
  /**
   * The frames that these bytes complete.
   * @throws FrameFault where the first of them is no good; after good ones it is thrown by the next call
   */
  push(bytes: Uint8Array): Frame[]
  /** To be called when the bytes have ended. @throws FrameFault `cut` where the answer has no end */
  finish(): void
}

/** Opens what shares a seal, one number after another. */
function makeOpener(reply: string, jti: string) {
  const [key, binding, nonceOf] = [keyOf(reply), makeBinding(jti), makeNonces()]
  let number = 0

  /** What stands in the clear is checked first, so that each fault has its name; the tag then vouches for all of it. */
  function lengthOf(prefix: Buffer): number {
    const length = prefix.readUInt32BE(0)
    if (length > maxFrameBytes) throw new FrameFault('oversized')
    if (length < tagBytes) throw new FrameFault('altered')
    if (prefix.readUInt32BE(markBytes) !== binding.mark) throw new FrameFault('foreign')
    const said = numberIn(prefix)
    if (said !== number) throw new FrameFault(said < number ? 'repeated' : 'missing')
    return length
  }

  function open(prefix: Buffer, sealed: Buffer): Frame[] {
    const kind = kinds[prefix[kindAt] ?? kinds.length]
    if (!kind) throw new FrameFault('altered')
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix), { authTagLength: tagBytes }).setAAD(binding.of(prefix))
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    const plain = decipher.update(sealed.subarray(0, -tagBytes))
    try {
      decipher.final()
    } catch {
      plain.fill(0)
      throw new FrameFault('altered')
    }
    const frames = framesOf(kind, plain)
    number += frames.length
    return frames
  }

  return { lengthOf, open }
}

/** The other side of `frameWriter`. After a fault it gives nothing any more. */
export function frameReader(reply: string, jti: string): FrameReader {
  const { lengthOf, open } = makeOpener(reply, jti)
  let held: Buffer = Buffer.alloc(0)
  let ended = false
  let fault: unknown

  function next(): Frame[] | null {
    if (held.length === 0) return null
    if (ended) throw new FrameFault('beyond')
    if (held.length < prefixBytes) return null
    const end = prefixBytes + lengthOf(held)
    if (held.length < end) return null
    const frames = open(held, held.subarray(prefixBytes, end))
    held = held.subarray(end)
    ended = frames[0]?.kind === 'end'
    return frames
  }

  return {
    push(bytes) {
      if (fault) throw fault
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const frames: Frame[] = []
      try {
        for (let some = next(); some; some = next()) frames.push(...some)
      } catch (error) {
        fault = error
        if (frames.length === 0) throw error
      }
      return frames
    },
    finish() {
      if (fault) throw fault
      if (!ended) throw new FrameFault('cut')
    },
  }
}
