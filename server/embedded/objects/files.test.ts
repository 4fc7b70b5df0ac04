import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileObjectStore } from './files.ts'

const folder = await mkdtemp(join(tmpdir(), 'maestro-objects-'))
const store = fileObjectStore(folder)
afterAll(() => rm(folder, { recursive: true, force: true }))

test('puts, gets, replaces, deletes; deleting twice is no fault', async () => {
  await store.put('a/b/c.bin', Buffer.from([1, 2, 3]))
  expect(await store.get('a/b/c.bin')).toEqual(Buffer.from([1, 2, 3]))
  await store.put('a/b/c.bin', new Uint8Array([4]))
  expect(await store.get('a/b/c.bin')).toEqual(Buffer.from([4]))
  await store.delete('a/b/c.bin')
  await store.delete('a/b/c.bin')
  expect(await store.get('a/b/c.bin')).toBeNull()
})

test('a reader beside many writers sees one whole version, and nothing is left over', async () => {
  const versions = [...'abcdefgh'].map((letter) => Buffer.alloc(300_000, letter))
  await store.put('raced', versions[0] ?? Buffer.alloc(0))
  const writes = Promise.all(versions.map((bytes) => store.put('raced', bytes)))
  const reads = await Promise.all(Array.from({ length: 40 }, () => store.get('raced')))
  for (const bytes of reads) expect(bytes && versions.some((version) => version.equals(bytes))).toBe(true)
  await writes
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  expect((await stat(join(folder, 'raced'))).mode & 0o077).toBe(0)
})

test.each([
  '',
  '..',
  '../x',
  'a/../b',
  '/etc/passwd',
  'a//b',
  '.hidden',
  'a/.b',
  'a\0b',
  'a\\b',
  'a b',
  'x'.repeat(200),
  'a/a/a/a/a/a/a/a/a',
])('the key %j is refused everywhere', async (key) => {
  await expect(store.put(key, Buffer.from('x'))).rejects.toThrow('not the key')
  await expect(store.get(key)).rejects.toThrow('not the key')
  await expect(store.delete(key)).rejects.toThrow('not the key')
})
