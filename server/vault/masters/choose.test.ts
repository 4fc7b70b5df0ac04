import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import { openMasterKeys } from './choose.ts'
import { masterIdOf } from './types.ts'

let directory: string
const binding = ['data-key', 'p', 'k']
const plain = randomBytes(32)
const hex = (key: Uint8Array) => Buffer.from(key).toString('hex')

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vault-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const dataDir = () => join(directory, 'data')
const path = () => join(dataDir(), 'master.key')
const open = (from: Record<string, string> = {}) => openMasterKeys(parseEnv({ ...from, MAESTRO_DATA_DIR: dataDir() }))
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: Error & { key?: string }) => error.key ?? error.message,
  )

describe('the master key that the first start makes', () => {
  it('is made once, for its owner alone, and read afterwards', async () => {
    const masters = await open()
    expect(masters).toMatchObject({ kind: 'local', source: 'made', path: path() })
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect(await (await open()).current()).toBe(await masters.current())
    expect(await readdir(dataDir())).toEqual(['master.key'])
  })

  it('is the same for starters in one process and in several', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await open()).current()))
    expect(new Set(ids).size).toBe(1)
    await rm(path())
    const code = `import('@/server/vault/service.ts').then(async (v) => console.log(await (await v.openMasterKeys({ MAESTRO_DATA_DIR: process.argv[1] })).current()))`
    const starters = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', code, dataDir()])),
    )
    expect(new Set(starters.map(({ stdout }) => stdout.trim()))).toEqual(new Set([await (await open()).current()]))
  })

  it('is refused where others can read it or it is no key', async () => {
    await open()
    await chmod(path(), 0o644)
    expect(await refusal(open())).toContain('0600')
    await chmod(path(), 0o600)
    const text = await readFile(path(), 'utf8')
    await writeFile(path(), text.slice(0, 20))
    const words = await refusal(open())
    expect(words).toContain('32 bytes')
    expect(words).not.toContain(text.slice(0, 20))
    await writeFile(path(), '\n')
    expect(await refusal(open())).toContain('no master key')
  })

  it('rotates: the file holds the new one first, every process finds it, and the old one still opens until it is forgotten', async () => {
    const [masters, other] = [await open(), await open()]
    const old = await masters.wrap(plain, binding)
    expect(await other.unwrap(old, binding)).toEqual(plain)
    const fresh = await masters.rotate()
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect(await readdir(dataDir())).toEqual(['master.key'])
    expect((await other.wrap(plain, binding)).masterId).toBe(fresh)
    expect(await masters.ids()).toEqual([fresh, old.masterId])
    expect(await other.unwrap(old, binding)).toEqual(plain)
    await masters.forgetAllBut([old.masterId])
    expect(await masters.unwrap(old, binding)).toEqual(plain)
    await masters.forgetAllBut([])
    expect(await masters.ids()).toEqual([fresh])
    expect(await refusal(masters.unwrap(old, binding))).toBe('masterKeyOther')
    expect(await refusal((await open()).unwrap(old, binding))).toBe('masterKeyOther')
  })
})

describe('master keys that somebody gives', () => {
  it('come from the environment, the current one first, and leave no file', async () => {
    const [now, before] = [randomBytes(32), randomBytes(32)]
    const masters = await open({ MAESTRO_MASTER_KEY: ` ${now.toString('base64')},${hex(before)}, ${hex(now)}` })
    expect(await masters.ids()).toEqual([masterIdOf(now), masterIdOf(before)])
    expect(masters).toMatchObject({ source: 'environment', path: null })
    expect(await readdir(directory)).toEqual([])
    expect(await refusal(masters.rotate())).toBe('masterKeyFixed')
    await masters.forgetAllBut([])
    expect(await masters.ids()).toHaveLength(2)
    const words = await refusal(open({ MAESTRO_MASTER_KEY: `${hex(now)},${hex(before).slice(1)}` }))
    expect(words).toContain('32 bytes')
    expect(words).not.toContain(hex(before).slice(1))
    expect(await refusal(open({ MAESTRO_MASTER_KEY: ',' }))).toContain('no master key')
  })

  it('come from a file, one a line, which is read again and never changed', async () => {
    const file = join(directory, 'keys')
    const [now, before, next] = [randomBytes(32), randomBytes(32), randomBytes(32)]
    const put = (keys: Buffer[]) => writeFile(file, `${keys.map(hex).join('\n')}\n`, { mode: 0o600 })
    expect(await refusal(open({ MAESTRO_MASTER_KEY_FILE: file }))).toContain('is not there')
    await put([now, before])
    const masters = await open({ MAESTRO_MASTER_KEY_FILE: file })
    expect(masters).toMatchObject({ source: 'file', path: file })
    expect(await masters.ids()).toEqual([now, before].map(masterIdOf))
    expect(await refusal(masters.rotate())).toBe('masterKeyInFile')
    await masters.forgetAllBut([])
    await put([next, now])
    expect((await masters.wrap(plain, binding)).masterId).toBe(masterIdOf(next))
    await chmod(file, 0o640)
    expect(await refusal(open({ MAESTRO_MASTER_KEY_FILE: file }))).toContain('0600')
  })

  it('come from one place alone', async () => {
    const key = hex(randomBytes(32))
    const vault = { VAULT_ADDR: 'https://vault.example', VAULT_TOKEN: 'hvs.token' }
    const pairs: Record<string, string>[] = [
      { MAESTRO_MASTER_KEY: key, MAESTRO_MASTER_KEY_FILE: '/etc/key' },
      { MAESTRO_MASTER_KEY: key, ...vault },
      { MAESTRO_MASTER_KEY_FILE: '/etc/key', ...vault },
    ]
    for (const both of pairs) {
      const words = await refusal(open(both))
      expect(words).toContain('only one')
      for (const secret of [key, 'hvs.token']) expect(words).not.toContain(secret)
    }
    expect(await refusal(open({ VAULT_ADDR: 'https://vault.example' }))).toContain('VAULT_TOKEN')
    expect(await open(vault)).toMatchObject({ kind: 'vault' })
    expect(await readdir(directory)).toEqual([])
  })

  it('leave to the file of the data directory what it wrapped, for as long as it is there', async () => {
    const old = await (await open()).wrap(plain, binding)
    const masters = await open({ MAESTRO_MASTER_KEY: hex(randomBytes(32)) })
    expect(await masters.unwrap(old, binding)).toEqual(plain)
    expect((await masters.wrap(plain, binding)).masterId).not.toBe(old.masterId)
    expect(await masters.ids()).toHaveLength(2)
    await rm(path())
    expect(await refusal((await open({ MAESTRO_MASTER_KEY: hex(randomBytes(32)) })).unwrap(old, binding))).toBe('masterKeyOther')
  })
})
