import { mkdtempSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { askToStop, callServer, openControl, recordedPid, serverStatus } from './control.ts'
import { AppError } from './errors.ts'
import { socketPath } from './paths.ts'

let dataDir: string
let server: Server | undefined
let stops = 0

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'maestro-control-'))
})
afterEach(() => {
  server?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const status = { pid: process.pid, url: 'http://localhost:3000', ready: true, version: 'abc', notices: [] }
const controlled = {
  status: () => status,
  stop: () => {
    stops++
  },
  call: async (path: string, input: unknown) => {
    if (path === 'known.fault') throw Object.assign(new Error('wrapped'), { cause: new AppError('CONFLICT', 'Taken.', 'name') })
    const { error: cause } = z.object({ service: z.string() }).safeParse(input)
    if (path === 'bad.input') throw Object.assign(new Error('wrapped'), { code: 'BAD_REQUEST', cause })
    if (path === 'bad.output') throw Object.assign(new Error('wrapped'), { code: 'INTERNAL_SERVER_ERROR', cause })
    if (path === 'unknown.fault') throw new Error('a secret')
    return { path, input, at: new Date(0) }
  },
}

test('status, calls and stop go over a socket that is its owner’s alone', async () => {
  server = await openControl(dataDir, controlled)
  expect(statSync(socketPath(dataDir, 'control.sock')).mode & 0o777).toBe(0o600)
  expect(await serverStatus(dataDir)).toEqual(status)
  expect(await callServer(dataDir, 'a.b', { since: new Date(5) })).toEqual({ path: 'a.b', input: { since: new Date(5) }, at: new Date(0) })
  expect(await askToStop(dataDir)).toBe(true)
  expect(stops).toBe(1)
  expect(recordedPid(dataDir)).toBe(process.pid)
})

test('errors meant for people arrive as they were thrown, others masked', async () => {
  server = await openControl(dataDir, controlled)
  await expect(callServer(dataDir, 'known.fault', null)).rejects.toMatchObject({ code: 'CONFLICT', message: 'Taken.', field: 'name' })
  await expect(callServer(dataDir, 'bad.input', { service: 7 })).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'service' })
  await expect(callServer(dataDir, 'bad.output', null)).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(callServer(dataDir, 'unknown.fault', null)).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(callServer(dataDir, 'unknown.fault', null)).rejects.not.toThrow(/secret/)
})

test('where no server runs, that is what is said', async () => {
  expect(await serverStatus(dataDir)).toBeNull()
  expect(await askToStop(dataDir)).toBe(false)
  await expect(callServer(dataDir, 'a.b', null)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('a second server on the same data directory is refused', async () => {
  server = await openControl(dataDir, controlled)
  await expect(openControl(dataDir, controlled)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('a long path gets a short socket of its own', () => {
  const long = join(dataDir, 'x'.repeat(120))
  const path = socketPath(long, 'control.sock')
  expect(Buffer.byteLength(path)).toBeLessThan(100)
  expect(socketPath(long, 'control.sock')).toBe(path)
  expect(socketPath(`${long}y`, 'control.sock')).not.toBe(path)
  for (const one of [path, socketPath(`${long}y`, 'control.sock')]) rmSync(join(one, '..'), { recursive: true })
})
