import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProjectId } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { attachmentHeader, preview } from './rules.ts'
import { artifactText, getArtifact, listArtifacts, putArtifact } from './service.ts'

let database: TestDatabase
let folder: string
let mine: ProjectId
let theirs: ProjectId
let buildId: string
let number: number

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'maestro-artifacts-'))
  register({ ...testKeys(), objects: fileObjectStore(folder) })
  mine = (await makeProject()).projectId
  theirs = (await makeProject()).projectId
  const build = await makeBuild(mine)
  buildId = build.id
  number = build.number
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const files = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
const put = (name: string, bytes: string | Uint8Array, mediaType = 'text/plain') =>
  putArtifact(mine, { buildId, name, mediaType, bytes, stageKey: 'spec' })

test('what was put comes back, sealed in between; the same again changes nothing, new content replaces it', async () => {
  const first = await put('reports/명세 1.md', 'hello 한국')
  expect(await put('reports/명세 1.md', 'hello 한국')).toEqual(first)
  expect((await getArtifact(mine, buildId, 'reports/명세 1.md')).bytes.toString()).toBe('hello 한국')
  const [file] = await files()
  expect((await readFile(join(file?.parentPath ?? '', file?.name ?? ''))).includes('hello')).toBe(false)
  const second = await put('reports/명세 1.md', 'other')
  expect(second.id).toBe(first.id)
  expect(await files()).toHaveLength(1)
  expect(await listArtifacts(mine, buildId)).toMatchObject([
    { name: 'reports/명세 1.md', size: 5, sha256: second.sha256, stageKey: 'spec' },
  ])
})

test('another project sees nothing and puts nothing', async () => {
  await put('mine.txt', 'x')
  await expect(getArtifact(theirs, buildId, 'mine.txt')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(artifactText(theirs, number, 'mine.txt')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await listArtifacts(theirs, buildId)).toEqual([])
  const input = { buildId, name: 'evil.txt', mediaType: 'text/plain', bytes: 'x' }
  await expect(putArtifact(theirs, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test.each(['', '../up', '/root', 'a//b', 'a/../b', '.hidden', 'a\nb', 'a\0b', 'a\\b', 'x'.repeat(201)])(
  'the name %j is refused',
  async (name) => {
    await expect(put(name, 'x')).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'name' })
  },
)

test('a media type that could break a header is refused, and so is what is too large', async () => {
  await expect(put('a', 'x', 'text/html\r\nx: y')).rejects.toMatchObject({ field: 'mediaType' })
  await expect(put('a', Buffer.alloc(64 * 1024 ** 2 + 1))).rejects.toMatchObject({ code: 'TOO_LARGE' })
})

test('bytes that were changed or are gone are not handed out', async () => {
  await put('victim.txt', 'x')
  const { rows } = await database.pool.query<{ objectKey: string }>(`SELECT "objectKey" FROM "Artifact" WHERE name = 'victim.txt'`)
  const path = join(folder, rows[0]?.objectKey ?? '')
  const sealed = await readFile(path)
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
  await writeFile(path, sealed)
  await expect(getArtifact(mine, buildId, 'victim.txt')).rejects.toThrow()
  const unreadable = { meta: { name: 'victim.txt', size: 1 }, text: null, cut: false, unreadable: true }
  expect(await artifactText(mine, number, 'victim.txt')).toMatchObject(unreadable)
  await rm(path)
  await expect(getArtifact(mine, buildId, 'victim.txt')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await artifactText(mine, number, 'victim.txt')).toMatchObject(unreadable)
  await expect(artifactText(mine, number, 'nothing.txt')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a preview is bounded, whole characters long, and only of text', async () => {
  expect(preview(Buffer.from('한국'), 4)).toEqual({ text: '한', cut: true })
  expect(preview(Buffer.from('한국'), 6)).toEqual({ text: '한국', cut: false })
  expect(preview(Buffer.from([0xff, 0xfe, 0]), 10).text).toBeNull()
  await put('long.txt', 'y'.repeat(300_000))
  const { text, cut } = await artifactText(mine, number, 'long.txt')
  expect([text?.length, cut]).toEqual([256 * 1024, true])
})

test('a download’s name cannot leave its header', () => {
  expect(attachmentHeader('a/b "c"\r\nx: 한.txt')).toBe(
    `attachment; filename="b _c___x: _.txt"; filename*=UTF-8''b%20%22c%22%0D%0Ax%3A%20%ED%95%9C.txt`,
  )
})
