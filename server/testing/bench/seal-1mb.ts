import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { thumbprintOf } from '@/server/ai/envelope/keys.ts'
import { openRequest, sealRequest } from '@/server/ai/envelope/request.ts'
import { makeServerKey } from '@/server/ai/server/keys.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { freeClaims } from '@/server/testing/sealed.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const timesPerRun = 40
const megabyte = 1024 * 1024
const goal = { atMost: 15 }

/** This repository's own source, a megabyte of it. */
function sourceCode(): string {
  const parts: string[] = []
  let size = 0
  const files = readdirSync(join(projectRoot(), 'server'), { recursive: true, encoding: 'utf8' })
  for (const file of files.sort()) {
    if (!file.endsWith('.ts') || file.includes('generated')) continue
    const text = readFileSync(join(projectRoot(), 'server', file), 'utf8')
    parts.push(text)
    size += text.length
    if (size >= megabyte) break
  }
  return parts.join('').slice(0, megabyte)
}

const bodyOf = (content: string) => JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 1_000, messages: [{ role: 'user', content }] })

async function parties() {
  const [{ publicKey: known, privateKey }, own] = [generateKeyPairSync('ed25519'), await makeServerKey()]
  const caller = { kid: await thumbprintOf(known), key: privateKey }
  const server = { kid: own.kid, key: createPublicKey(own.key) }
  return { caller, server, opening: { keys: new Map([[own.kid, own.key]]), callers: new Map([[caller.kid, known]]) } }
}

interface Times {
  seal: number[]
  open: number[]
}

/** Median times of one run, sealed and opened, and the size of what was sent. */
async function sealing({ caller, server, opening }: Awaited<ReturnType<typeof parties>>, body: string, into: Times): Promise<number> {
  const [seal, open]: [number[], number[]] = [[], []]
  let size = 0
  for (let time = 0; time < timesPerRun; time++) {
    const startedAt = performance.now()
    const request = { path: '/v1/messages' as const, headers: {}, body }
    const { jwe } = await sealRequest({ caller, server, now: Date.now(), claims: freeClaims(), request })
    const sealedAt = performance.now()
    const opened = await openRequest(jwe, { ...opening, now: Date.now() })
    open.push(performance.now() - sealedAt)
    seal.push(sealedAt - startedAt)
    if (opened.request.body !== body) throw new Error('what was opened is not what was sealed')
    size = jwe.length
  }
  into.seal.push(percentile(seal, 0.5))
  into.open.push(percentile(open, 0.5))
  return size
}

/** The same without secrecy: JSON and gzip. */
function packing(body: string, into: Times): void {
  const [seal, open]: [number[], number[]] = [[], []]
  for (let time = 0; time < timesPerRun; time++) {
    const startedAt = performance.now()
    const packed = gzipSync(JSON.stringify({ claims: freeClaims(), body }))
    const packedAt = performance.now()
    const { body: opened } = JSON.parse(gunzipSync(packed).toString()) as { body: string }
    open.push(performance.now() - packedAt)
    seal.push(packedAt - startedAt)
    if (opened.length !== body.length) throw new Error('what was unpacked is not what was packed')
  }
  into.seal.push(percentile(seal, 0.5))
  into.open.push(percentile(open, 0.5))
}

export const bench: Bench = {
  id: 'seal-1mb',
  about:
    'a request with a megabyte of source code is sealed by the app and opened by the AI server, in medians of many, beside plain JSON with gzip',
  async run() {
    const who = await parties()
    const code = bodyOf(sourceCode())
    const noise = bodyOf(randomBytes((megabyte / 4) * 3).toString('base64'))
    const [times, plain, random]: [Times, Times, Times] = [
      { seal: [], open: [] },
      { seal: [], open: [] },
      { seal: [], open: [] },
    ]
    let size = 0
    // What runs for the first time is not compiled yet.
    await sealing(who, code, { seal: [], open: [] })
    for (let run = 0; run < runs; run++) {
      packing(code, plain)
      size = await sealing(who, code, times)
      await sealing(who, noise, random)
    }
    const figure = (what: keyof Times) => {
      const note = `${Math.round(size / 1024)} kB sealed; a megabyte of random text takes ${percentile(random[what], 0.5).toFixed(1)} ms`
      return { what, unit: 'ms', runs: times[what], baseline: plain[what], goal, note }
    }
    return [figure('seal'), figure('open')]
  },
}
