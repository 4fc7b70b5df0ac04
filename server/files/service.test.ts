import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { noteByPerson } from './changes/snapshot.ts'
import { keptBytesIn } from './changes/store.ts'
import { placeOf } from './packs/places.ts'
import * as files from './service.ts'

let database: TestDatabase
let spaceId: ProjectId
let ownerId: string
const store = new Map<string, Buffer>()
const outside = mkdtempSync(join(tmpdir(), 'outside-'))
let failAt = Number.POSITIVE_INFINITY

beforeAll(async () => {
  database = await testDatabase()
  const objects = {
    put: async (key: string, bytes: Uint8Array) => {
      if (store.size >= failAt) throw new Error('the power is gone')
      store.set(key, Buffer.from(bytes))
    },
    get: async (key: string) => store.get(key) ?? null,
    delete: async (key: string) => void store.delete(key),
  }
  register({ objects })
  ownerId = (await makeUser()).id
  spaceId = await spaceForActor(await asActor(ownerId))
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'files-'))
  chmodSync(env().MAESTRO_DATA_DIR, 0o711)
  writeFileSync(join(outside, 'secret'), 'not yours')
})
afterAll(async () => {
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  rmSync(outside, { recursive: true, force: true })
  await database.drop()
})

const makeSession = async () =>
  (await db().chatSession.create({ data: { ownerId, spaceId, requestId: randomUUID() }, select: { id: true } })).id
const put = (id: string, path: string, text: string, reach = {}) =>
  files.writeFile(spaceId, id, { path, text, expected: 'anything' }, reach)
const model = { denyPaths: ['private/**'] }

test('nothing outside is reached, in any spelling and by no link', async () => {
  const id = await makeSession()
  const folder = await files.directoryOf(spaceId, id)
  const odd = [
    '../x',
    '/etc/passwd',
    'a/../../x',
    './x',
    'a//b',
    'a\\..\\x',
    'C:/x',
    'x\0',
    '.git/config',
    '.GIT /config',
    'git~1/x',
    '..',
    '',
    'a\u202Eb',
  ]
  for (const path of [...odd, 'a/'.repeat(30).concat('x'), 'x'.repeat(301)]) {
    await expect(files.readFile(spaceId, id, path), path).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(put(id, path, 'x'), path).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  }
  symlinkSync(outside, join(folder, 'way'))
  symlinkSync(join(outside, 'secret'), join(folder, 'file'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  for (const path of ['way/secret', 'file', 'way/new', 'pipe']) {
    await expect(files.readFile(spaceId, id, path), path).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|BAD_REQUEST/) })
    await expect(put(id, path, 'mine'), path).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|BAD_REQUEST/) })
  }
  await files.deleteFile(spaceId, id, 'way')
  await expect(files.moveFile(spaceId, id, 'file', 'way/file')).resolves.toBeUndefined()
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('not yours')
  expect(readdirSync(outside)).toEqual(['secret'])
  expect((await files.listTree(spaceId, id)).entries.map(({ path, kind }) => [path, kind])).toEqual([
    ['way', 'folder'],
    ['way/file', 'link'],
  ])
})

test('a folder that becomes a link in the middle leads nowhere', async () => {
  const id = await makeSession()
  const folder = await files.directoryOf(spaceId, id)
  const swapper = `while :; do mkdir d 2>/dev/null; touch d/x; rm -rf d; ln -s ${outside} d; rm -f d; done`
  const { spawn } = await import('node:child_process')
  const child = spawn('sh', ['-c', swapper], { cwd: folder, stdio: 'ignore', detached: true })
  try {
    for (let i = 0; i < 150; i++) {
      await put(id, 'd/mine', 'x').catch(() => undefined)
      const read = await files.readFile(spaceId, id, 'd/secret').catch(() => null)
      expect(read?.text ?? null).toBeNull()
      await files.deleteFile(spaceId, id, 'd').catch(() => undefined)
    }
  } finally {
    process.kill(-(child.pid as number), 'SIGKILL')
  }
  expect(readdirSync(outside)).toEqual(['secret'])
})

test('writers who do not know the latest are told, and edits are exact', async () => {
  const id = await makeSession()
  const { hash } = await put(id, 'src/a.txt', 'one two one\n')
  const wrong = files.writeFile(spaceId, id, { path: 'src/a.txt', text: 'x', expected: { hash: 'old' } })
  await expect(wrong).rejects.toMatchObject({ code: 'CONFLICT', key: 'fileChanged' })
  const fresh = files.writeFile(spaceId, id, { path: 'src/a.txt', text: 'x', expected: { hash: null } })
  await expect(fresh).rejects.toMatchObject({ code: 'CONFLICT', key: 'fileExists' })
  await files.writeFile(spaceId, id, { path: 'src/a.txt', text: 'one two one\n', expected: { hash } })
  await expect(files.editFile(spaceId, id, { path: 'src/a.txt', old: 'one', new: '1' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(files.editFile(spaceId, id, { path: 'src/a.txt', old: 'three', new: '1' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await files.editFile(spaceId, id, { path: 'src/a.txt', old: 'two', new: '$&' })
  expect((await files.readFile(spaceId, id, 'src/a.txt')).text).toBe('one $& one\n')
  await expect(put(id, 'private/key', 'x', model)).rejects.toMatchObject({ key: 'fileDenied' })
  await expect(files.readFile(spaceId, id, '.env', model)).rejects.toMatchObject({ key: 'fileDenied' })
  await put(id, '.env', 'TOKEN=1')
  expect((await files.listTree(spaceId, id, model)).withheld).toBe(1)
  expect((await files.searchFiles(spaceId, id, { pattern: 'TOKEN' }, model)).hits).toEqual([])
  const other = await spaceForActor(await asActor((await makeUser()).id))
  await expect(files.listTree(other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the quota is told before it bites, and large and binary files are no text', async () => {
  const id = await makeSession()
  const limit = env().MAESTRO_CHAT_DISK_MB
  env().MAESTRO_CHAT_DISK_MB = 1
  try {
    await put(id, 'a', 'x'.repeat(900_000))
    await expect(put(id, 'b', 'x'.repeat(200_000))).rejects.toMatchObject({ code: 'TOO_LARGE', key: 'diskQuota' })
    await put(id, 'a', 'short')
    await put(id, 'b', 'x'.repeat(200_000))
  } finally {
    env().MAESTRO_CHAT_DISK_MB = limit
  }
  await expect(put(id, 'c', 'x'.repeat(1_100_000))).rejects.toMatchObject({ key: 'fileTooLarge' })
  const folder = await files.directoryOf(spaceId, id)
  writeFileSync(join(folder, 'large'), Buffer.alloc(3_000_000, 65))
  writeFileSync(join(folder, 'binary'), Buffer.from([1, 0, 2]))
  for (const path of ['large', 'binary']) expect((await files.readFile(spaceId, id, path)).text).toBeNull()
  expect(await files.measure(id)).toBe(5 + 200_000 + 3_000_000 + 3 + (await keptBytesIn(placeOf(id).changes)))
})

test('a search ends, whatever the expression, and keeps the server free', async () => {
  const id = await makeSession()
  await put(id, 'src/a.ts', `${'a'.repeat(40)}!\nconst b = 1\n`)
  const bomb = files.searchFiles(spaceId, id, { pattern: '(a+)+$', regex: true })
  let beats = 0
  const heart = setInterval(() => beats++, 50)
  await expect(bomb).rejects.toMatchObject({ key: 'searchTooSlow' })
  clearInterval(heart)
  expect(beats).toBeGreaterThan(20)
  const found = await files.searchFiles(spaceId, id, { pattern: 'CONST \\w', regex: true, ignoreCase: true, glob: 'src/**/*.ts' })
  expect(found.hits).toEqual([{ path: 'src/a.ts', line: 2, text: 'const b = 1' }])
  expect((await files.searchFiles(spaceId, id, { pattern: '(a+' })).hits).toEqual([])
  await expect(files.searchFiles(spaceId, id, { pattern: '(', regex: true })).rejects.toMatchObject({ key: 'searchNoExpression' })
})

test('what agents changed is told apart from what the person did', async () => {
  const id = await makeSession()
  await put(id, 'mine.txt', 'one\ntwo\n')
  await put(id, 'theirs.txt', 'new\n', model)
  await put(id, 'mine.txt', 'one\n2\n', model)
  await files.snapshot(spaceId, id, 'm1')
  await put(id, 'note.txt', 'by hand\n')
  await files.deleteFile(spaceId, id, 'theirs.txt', model)
  await files.snapshot(spaceId, id, 'm2')
  const kinds = (diff: Awaited<ReturnType<typeof files.diffOf>>) =>
    diff.files.map(({ path, kind, added, removed }) => [path, kind, added, removed])
  expect(kinds(await files.diffOf(spaceId, id, 'm1'))).toEqual([
    ['mine.txt', 'changed', 1, 1],
    ['theirs.txt', 'added', 1, 0],
  ])
  expect(kinds(await files.diffOf(spaceId, id, 'm2'))).toEqual([['theirs.txt', 'deleted', 0, 1]])
  const all = await files.diffOf(spaceId, id)
  expect(kinds(all)).toEqual([['mine.txt', 'changed', 1, 1]])
  expect(all.files[0]?.diff).toBe('@@ -1,2 +1,2 @@\n one\n-two\n+2')
})

test('files come back from a pack as they were, wherever packing was cut off', async () => {
  const id = await makeSession()
  const folder = await files.directoryOf(spaceId, id)
  await put(id, `deep/${'n'.repeat(120)}/ä.txt`, 'words nobody else reads', model)
  await files.snapshot(spaceId, id, 'm1')
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('/etc/passwd', join(folder, 'link'))
  const before = (await files.listTree(spaceId, id)).entries
  failAt = store.size
  await expect(files.packFiles(spaceId, id)).rejects.toThrow('the power is gone')
  failAt = Number.POSITIVE_INFINITY
  expect((await files.listTree(spaceId, id)).entries).toEqual(before)
  const release = files.holdFiles(id)
  expect(await files.packFiles(spaceId, id)).toBe(false)
  release()
  expect(await files.packFiles(spaceId, id)).toBe(true)
  expect(existsSync(placeOf(id).root)).toBe(false)
  expect(await db().chatFilePiece.count({ where: { sessionId: id } })).toBe(1)
  expect([...store.values()].some((bytes) => bytes.includes('nobody else'))).toBe(false)
  mkdirSync(`${placeOf(id).root}.old-x`)
  await files.sweepFiles()
  const after = (await files.listTree(spaceId, id)).entries
  expect(after.map(({ path, kind, bytes }) => ({ path, kind, bytes }))).toEqual(
    before.map(({ path, kind, bytes }) => ({ path, kind, bytes })),
  )
  expect(readdirSync(join(env().MAESTRO_DATA_DIR, 'sessions')).filter((name) => name.includes('.'))).toEqual([])
  expect((await files.diffOf(spaceId, id, 'm1')).files).toHaveLength(1)
  await files.removeFiles(id)
  expect(existsSync(placeOf(id).root)).toBe(false)
  expect([...store.keys()].filter((key) => key.includes(id))).toEqual([])
})

test('former contents are kept within a bound: what nothing names any more goes', async () => {
  const id = await makeSession()
  const place = placeOf(id)
  for (const text of ['one', 'two', 'three', 'four']) {
    await put(id, 'a.txt', text.repeat(100))
    await noteByPerson(place, 'a.txt', null, async () => true, 1_200)
  }
  expect(readdirSync(join(place.changes, 'contents')).length).toBeLessThanOrEqual(2)
  await put(id, 'a.txt', 'five'.repeat(100), model)
  const { files: changed } = await files.diffOf(spaceId, id)
  expect(changed).toMatchObject([{ path: 'a.txt', kind: 'changed', added: 1, removed: 1 }])
})

test('a folder with more files than are looked at takes all the room there is', async () => {
  const id = await makeSession()
  for (const name of ['a', 'b', 'c']) await put(id, name, 'x', model)
  expect(await files.survey(id)).toMatchObject({ bytes: 3, tooMany: false })
  expect(await files.measure(id)).toBe(3)
  expect((await files.survey(id, 2)).tooMany).toBe(true)
  await files.measure(id, 2)
  expect((await files.diskRoom(spaceId)).left).toBe(0)
  await files.measure(id)
})
