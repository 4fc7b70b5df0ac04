import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { testAi, testServerKey } from '@/server/testing/ai.ts'
import { startMessagesApi } from '@/server/testing/messages-api.ts'
import { ask } from '@/server/testing/sealed.ts'
import { callerKeySet, loadCallerKey, makeCallerKey } from '../door/caller-key.ts'
import { callersOf, watchCallers } from './callers.ts'
import { loadServerKeys, makeServerKey } from './keys.ts'
import { startAiServer } from './server.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maestro-ai-keys-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))
const pemOf = (key: import('node:crypto').KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

describe('the AI server’s keys', () => {
  it('are made once, for their owner alone', async () => {
    const file = join(dir, 'deep', 'server.key')
    const [made] = await loadServerKeys(file)
    expect(made?.key.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect([statSync(file).mode & 0o777, statSync(join(dir, 'deep')).mode & 0o777]).toEqual([0o600, 0o700])
    const [again] = await loadServerKeys(file)
    expect(again?.kid).toBe(made?.kid)
    // Two that start at once agree.
    const other = join(dir, 'other.key')
    const both = await Promise.all([loadServerKeys(other), loadServerKeys(other)])
    expect(both[0]?.[0]?.kid).toBe(both[1]?.[0]?.kid)
  })

  it('several: the first is shown first, and what was sealed for an older one still opens', async () => {
    const api = await startMessagesApi()
    const [old, fresh] = await Promise.all([testServerKey(), makeServerKey()])
    const file = join(dir, 'server.key')
    writeFileSync(file, `${pemOf(fresh.key)}\n${pemOf(old.key)}`)
    const keys = await loadServerKeys(file)
    expect(keys.map(({ kid }) => kid)).toEqual([fresh.kid, old.kid])
    const { ai, caller, stop } = await testAi({ baseUrl: api.url })
    const known = await callersOf({ keys: [caller.jwk] })
    const options = {
      upstream: { baseUrl: api.url, apiKey: 'k' },
      callers: async () => known,
      clock: systemClock,
      log: pino({ level: 'silent' }),
    }
    const rotated = await startAiServer({ ...options, keys, listen: { host: '127.0.0.1', port: 0 } })
    expect(rotated.kid).toBe(fresh.kid)
    // This caller still knows the old one only.
    expect((await ask({ ...ai, url: () => rotated.url })).whole).toBe(true)
    await Promise.all([rotated.stop(), stop(), api.stop()])
  })

  it.each([
    ['no key at all', 'hello'],
    ['a key of another kind', pemOf(generateKeyPairSync('ed25519').privateKey)],
    ['a key that is too short', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['half a key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'],
  ])('%s is refused in words that hold nothing of it', async (_what, text) => {
    const file = join(dir, 'server.key')
    writeFileSync(file, text)
    const error = await loadServerKeys(file).catch((caught: Error) => caught)
    expect(error).toMatchObject({ message: expect.stringMatching(/^The file .*server\.key holds .*\.$/) })
    expect(String(error)).not.toContain('MII')
  })
})

describe('the app’s key', () => {
  it('is made once, for its owner alone, in the data directory or where it is said to be', async () => {
    const made = await loadCallerKey({ MAESTRO_DATA_DIR: dir, AI_CALLER_KEY_FILE: undefined })
    expect(statSync(join(dir, 'ai-caller.key')).mode & 0o777).toBe(0o600)
    const given = { MAESTRO_DATA_DIR: '/nowhere', AI_CALLER_KEY_FILE: join(dir, 'ai-caller.key') }
    expect((await loadCallerKey(given)).kid).toBe(made.kid)
    const set = await callerKeySet(given)
    expect(set.keys).toEqual([{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: made.kid, alg: 'EdDSA', use: 'sig' }])
    expect([...(await callersOf(set)).keys()]).toEqual([made.kid])
  })

  it('of another kind is refused', async () => {
    const file = join(dir, 'caller.key')
    writeFileSync(file, pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
    await expect(loadCallerKey({ MAESTRO_DATA_DIR: dir, AI_CALLER_KEY_FILE: file })).rejects.toThrow('no Ed25519 key')
    writeFileSync(file, 'secret words')
    await expect(loadCallerKey({ MAESTRO_DATA_DIR: dir, AI_CALLER_KEY_FILE: file })).rejects.toThrow(
      /^The file [^ ]+ holds no private key in PEM form\.$/,
    )
  })
})

describe('callers', () => {
  let now = 0
  const clock: Clock = { ...systemClock, now: () => now }
  const log = pino({ level: 'silent' })
  const file = () => join(dir, 'callers.json')

  it('are those of the file as it is now: added, removed, gone; a broken one changes nothing', async () => {
    const [a, b] = await Promise.all([makeCallerKey(), makeCallerKey()])
    const callers = await watchCallers(file(), { clock, log })
    const known = async () => {
      now += 1_000
      return [...(await callers()).keys()].sort()
    }
    expect(await known()).toEqual([])
    writeFileSync(file(), JSON.stringify({ keys: [a.jwk, b.jwk] }))
    expect(await known()).toEqual([a.kid, b.kid].sort())
    writeFileSync(file(), '{"keys":')
    expect(await known()).toEqual([a.kid, b.kid].sort())
    writeFileSync(file(), JSON.stringify({ keys: [b.jwk] }))
    expect(await known()).toEqual([b.kid])
    rmSync(file())
    expect(await known()).toEqual([])
  })

  it('a private key in the file is not kept, and what is no Ed25519 key is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const set = { keys: [privateKey.export({ format: 'jwk' })] }
    expect([...(await callersOf(set)).values()].map(({ type }) => type)).toEqual(['public'])
    await expect(
      callersOf({ keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })] }),
    ).rejects.toThrow()
  })

  it('the file is not looked at more often than once a second', async () => {
    const a = await makeCallerKey()
    const callers = await watchCallers(file(), { clock, log })
    writeFileSync(file(), JSON.stringify({ keys: [a.jwk] }))
    now += 999
    expect((await callers()).size).toBe(0)
    now += 1
    expect((await callers()).size).toBe(1)
    expect(readFileSync(file(), 'utf8')).toContain(a.kid)
  })
})
