/*
 * Against a stand-in for the transit engine (server/testing/transit.ts), made after the documented HTTP API; no real Vault was at hand.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import type { AppError } from '@/server/core/errors.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { type TransitStub, transitStub } from '@/server/testing/transit.ts'
import { forgetRing } from '../ring/cache.ts'
import { exportKeys, importKeys, loadPlatformSecret, masterState, open, rewrapKeys, rotateMasterKey, seal, verifyKeys } from '../service.ts'
import { type TransitOptions, transitMasterKeys } from './transit.ts'
import type { MasterKeys } from './types.ts'

let stub: TransitStub
let masters: MasterKeys
const key = randomBytes(32)
const binding = ['data-key', 'project', 'id']

const options = (): TransitOptions => ({ address: stub.url, token: stub.token, namespace: null, mount: 'transit', name: 'maestro' })
beforeAll(() => {
  register({ clock: { ...systemClock, sleep: async () => undefined } })
})
beforeEach(async () => {
  stub = await transitStub()
  masters = transitMasterKeys(options())
  return stub.stop
})

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it was not refused'),
    (thrown: AppError) => thrown,
  )
  expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(stub.token)
  expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(key.toString('base64'))
  return `${error.code} ${error.key}`
}

describe('a master key in Vault', () => {
  it('wraps and unwraps, and sends what it wraps nowhere else', async () => {
    const wrapped = await masters.wrap(key, binding)
    expect(wrapped.masterId).toBe('transit/maestro:v1')
    expect(String(wrapped.wrapped)).toMatch(/^vault:v1:/)
    expect(await masters.unwrap(wrapped, binding)).toEqual(key)
    expect(stub.asked).toEqual(['POST /v1/transit/encrypt/maestro', 'POST /v1/transit/decrypt/maestro'])
    expect(masters).toMatchObject({ kind: 'vault', source: 'vault', path: null, own: null })
  })

  it('rotates in Vault; what the version before wrapped still opens', async () => {
    const old = await masters.wrap(key, binding)
    expect(await masters.current()).toBe('transit/maestro:v1')
    expect(await masters.rotate()).toBe('transit/maestro:v2')
    expect((await masters.wrap(key, binding)).masterId).toBe('transit/maestro:v2')
    expect(await masters.unwrap(old, binding)).toEqual(key)
    expect(await masters.ids()).toEqual(['transit/maestro:v2', 'transit/maestro:v1'])
    await masters.forgetAllBut([])
    expect(await masters.unwrap(old, binding)).toEqual(key)
  })

  it('opens in its own row alone, also with a Vault that ignores associated data', async () => {
    const wrapped = await masters.wrap(key, binding)
    const altered = Buffer.from(wrapped.wrapped)
    altered[20] = altered[20] === 65 ? 66 : 65
    expect(await refusal(masters.unwrap(wrapped, ['data-key', 'project', 'other']))).toBe('CONFLICT keyDamaged')
    expect(await refusal(masters.unwrap({ ...wrapped, wrapped: altered }, binding))).toBe('CONFLICT keyDamaged')
    expect(await refusal(masters.unwrap({ ...wrapped, wrapped: randomBytes(60) }, binding))).toBe('CONFLICT keyDamaged')
    const forgetful = await transitStub()
    Object.assign(forgetful, { token: stub.token })
    const older = transitMasterKeys({ ...options(), address: await withoutAssociatedData(forgetful) })
    const there = await older.wrap(key, binding)
    expect(await older.unwrap(there, binding)).toEqual(key)
    expect(await refusal(older.unwrap(there, ['elsewhere']))).toBe('CONFLICT keyDamaged')
    await forgetful.stop()
  })

  it('says what is wrong, each in its own words, and never the token', async () => {
    const wrapped = await masters.wrap(key, binding)
    const unwrap = () => refusal(masters.unwrap(wrapped, binding))
    stub.sealed = true
    expect(await unwrap()).toBe('UNAVAILABLE vaultSealed')
    stub.sealed = false
    const strange = transitMasterKeys({ ...options(), token: 'hvs.unknown' })
    expect(await refusal(strange.wrap(key, binding))).toBe('UNAVAILABLE vaultDenied')
    for (const other of [{ name: 'nobody' }, { mount: 'elsewhere' }])
      expect(await refusal(transitMasterKeys({ ...options(), ...other }).wrap(key, binding))).toBe('UNAVAILABLE vaultKeyMissing')
    expect(await refusal(transitMasterKeys({ ...options(), name: 'nobody' }).current())).toBe('UNAVAILABLE vaultKeyMissing')
    expect(await refusal(masters.unwrap({ ...wrapped, masterId: 'transit/other:v1' }, binding))).toBe('UNAVAILABLE masterKeyOther')
    expect(await refusal(masters.unwrap({ ...wrapped, masterId: null }, binding))).toBe('UNAVAILABLE masterKeyOther')
    await masters.rotate()
    stub.minDecryptionVersion = 2
    expect(await unwrap()).toBe('UNAVAILABLE vaultVersionGone')
    stub.minDecryptionVersion = 1
    stub.next = ['nonsense']
    expect(await unwrap()).toBe('UNAVAILABLE vaultRefused')
    stub.next = [{ status: 307, errors: [] }]
    expect(await unwrap()).toBe('UNAVAILABLE vaultRefused')
  })

  it('asks again where the line broke, and gives up after a while', async () => {
    const wrapped = await masters.wrap(key, binding)
    stub.next = ['cut', { status: 502, errors: [] }]
    expect(await masters.unwrap(wrapped, binding)).toEqual(key)
    stub.next = ['cut', 'cut', 'cut']
    expect(await refusal(masters.unwrap(wrapped, binding))).toBe('UNAVAILABLE vaultUnreachable')
    stub.next = ['hang', 'hang', 'hang']
    const hasty = transitMasterKeys({ ...options(), timeoutMs: 50 })
    expect(await refusal(hasty.unwrap(wrapped, binding))).toBe('UNAVAILABLE vaultUnreachable')
  })

  it('renews its token where that can be done, and tells when Vault is away', async () => {
    await masters.keepAlive()
    expect(stub.renewals).toBe(1)
    stub.renewable = false
    await masters.keepAlive()
    stub.sealed = true
    expect(await refusal(masters.keepAlive())).toBe('UNAVAILABLE vaultSealed')
  })

  it('is refused beyond this machine without TLS, and under addresses that are none', () => {
    const at =
      (address: string, more: Partial<TransitOptions> = {}) =>
      () =>
        transitMasterKeys({ ...options(), address, ...more })
    expect(at('http://vault.example:8200')).toThrow('https')
    expect(at('https://vault.example:8200')).not.toThrow()
    for (const address of ['vault', 'ftp://localhost', 'https://me:secret@vault.example']) expect(at(address)).toThrow('no address')
    expect(at('https://vault.example', { name: '../sys/seal' })).toThrow('no name')
    expect(at('https://vault.example', { mount: 'a/../b' })).toThrow('no name')
  })
})

/** A door before it that drops the parameter, as engines before Vault 1.13 do. */
async function withoutAssociatedData(behind: TransitStub): Promise<string> {
  const { createServer } = await import('node:http')
  const door = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { associated_data: _, ...body } = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    const headers = { 'x-vault-token': String(request.headers['x-vault-token']) }
    const answer = await fetch(`${behind.url}${request.url}`, { method: 'POST', headers, body: JSON.stringify(body) })
    response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  door.unref()
  const address = door.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

describe('an installation whose master key is in Vault', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())

  it('seals, rotates, wraps everything anew and is backed up without the master key', async () => {
    register({ masterKeys: masters })
    const { projectId } = await makeProject()
    const secret = await loadPlatformSecret()
    const sealed = await seal(projectId, 'c', Buffer.from('words'))
    expect(await rotateMasterKey()).toEqual({ from: 'transit/maestro:v1', to: 'transit/maestro:v2' })
    expect(await rewrapKeys()).toEqual({ rewrapped: 2, failed: 0 })
    expect(await rewrapKeys()).toEqual({ rewrapped: 0, failed: 0 })
    forgetRing(projectId)
    expect(String(await open(projectId, 'c', sealed))).toBe('words')
    expect(await loadPlatformSecret()).toEqual(secret)
    expect(await masterState()).toMatchObject({
      ...{ kind: 'vault', source: 'vault', currentId: 'transit/maestro:v2', path: null, backedUpAt: null },
      wraps: [{ masterId: 'transit/maestro:v2', keys: 2 }],
    })
    const file = await exportKeys('a long passphrase')
    await database.pool.query('DELETE FROM "DataKey"')
    forgetRing(projectId)
    expect(await importKeys(file, 'a long passphrase')).toMatchObject({ masterKeys: 0, keys: 1, secrets: 0 })
    expect(String(await open(projectId, 'c', sealed))).toBe('words')
    expect(await verifyKeys()).toEqual({ keys: 2, opened: 2, destroyed: 0, broken: [] })
    stub.sealed = true
    for (const work of [verifyKeys, rewrapKeys]) expect(await refusal(work())).toBe('UNAVAILABLE vaultSealed')
    expect(String(await open(projectId, 'c', sealed))).toBe('words')
  })
})
