import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { SpoolLimits } from './types.ts'

const lineMax = 16 * 1024
const gatherBytes = 64 * 1024
const suffix = '.spool'

/** Which voice a line has: the app's standard output, its standard error, or the supervisor. */
export type Voice = 'out' | 'err' | 'sup'

export interface Spool {
  /** Takes bytes as they come; lines are cut inside, and a partial line waits for its end. */
  write(voice: Voice, bytes: Buffer | string): void
  close(): void
}

/** The spool's files in the order in which they were written; the last one may still grow. */
export function spoolFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(dir, name))
}

/**
 * Opens a spool. A line is kept as `<milliseconds since the epoch> <voice> <text>`; a text over 16 KB is cut into several lines. Writing is
 * synchronous on purpose: the pipe then holds back an app that writes faster than the disk, and memory stays small.
 */
export function openSpool(limits: SpoolLimits, now: () => number): Spool {
  mkdirSync(limits.dir, { recursive: true, mode: 0o700 })
  const files = rotatingFile(limits)
  const voices = new Map<Voice, { rest: string; decoder: StringDecoder }>()
  const voiceOf = (voice: Voice) => {
    const known = voices.get(voice) ?? { rest: '', decoder: new StringDecoder('utf8') }
    voices.set(voice, known)
    return known
  }
  const record = (voice: Voice, text: string) => files.append(Buffer.from(`${now()} ${voice} ${text}\n`))

  return {
    write(voice, bytes) {
      const state = voiceOf(voice)
      const lines = (state.rest + (typeof bytes === 'string' ? bytes : state.decoder.write(bytes))).split('\n')
      const rest = lines.pop() ?? ''
      for (const line of lines) for (const piece of cut(line)) record(voice, piece)
      const pieces = cut(rest)
      for (const piece of pieces.slice(0, -1)) record(voice, piece)
      state.rest = pieces.at(-1) ?? ''
      files.flush()
    },
    close() {
      for (const [voice, { rest }] of voices) if (rest) record(voice, rest)
      files.close()
    },
  }
}

function cut(line: string): string[] {
  if (line.length <= lineMax) return [line]
  const pieces: string[] = []
  for (let from = 0; from < line.length; from += lineMax) pieces.push(line.slice(from, from + lineMax))
  return pieces
}

/** One file after the other; records are gathered to 64 KB so that a rotation is never late by more than that. */
function rotatingFile(limits: SpoolLimits) {
  const newest = spoolFiles(limits.dir).at(-1)
  let sequence = Number(/(\d+)\.spool$/.exec(newest ?? '')?.[1] ?? 0)
  let size = newest ? statSync(newest).size : 0
  let file = newest && size < limits.fileBytes ? openSync(newest, 'a', 0o600) : -1
  let gathered: Buffer[] = []
  let gatheredBytes = 0

  const rotate = () => {
    if (file !== -1) closeSync(file)
    sequence += 1
    file = openSync(join(limits.dir, `${String(sequence).padStart(12, '0')}${suffix}`), 'a', 0o600)
    size = 0
    for (const old of spoolFiles(limits.dir).slice(0, -limits.files)) rmSync(old, { force: true })
  }
  const flush = () => {
    if (gatheredBytes === 0) return
    if (file === -1 || size >= limits.fileBytes) rotate()
    writeSync(file, Buffer.concat(gathered))
    size += gatheredBytes
    gathered = []
    gatheredBytes = 0
  }
  return {
    append(record: Buffer) {
      gathered.push(record)
      gatheredBytes += record.length
      if (gatheredBytes >= gatherBytes) flush()
    },
    flush,
    close() {
      flush()
      if (file !== -1) closeSync(file)
      file = -1
    },
  }
}
