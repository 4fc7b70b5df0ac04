import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTree } from './copy-tree.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maestro-copy-'))
  await mkdir(join(root, 'host'))
  await writeFile(join(root, 'host', 'key'), 'the host’s secret')
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('a copy has the same files, modes, times and links', async () => {
  const from = join(root, 'plain')
  await mkdir(join(from, 'a', 'b'), { recursive: true })
  await writeFile(join(from, 'a', 'b', '한 글.txt'), 'text')
  await chmod(join(from, 'a', 'b', '한 글.txt'), 0o750)
  await utimes(join(from, 'a', 'b', '한 글.txt'), 1, 2)
  await symlink('../../host/key', join(from, 'a', 'link'))
  await copyTree(from, join(root, 'copy'))
  const copied = await stat(join(root, 'copy', 'a', 'b', '한 글.txt'))
  expect([copied.mode & 0o777, copied.mtimeMs]).toEqual([0o750, 2_000])
  expect(await readlink(join(root, 'copy', 'a', 'link'))).toBe('../../host/key')
})

test.runIf(process.platform === 'linux')('files and folders that turn into links meanwhile lead nowhere', async () => {
  const from = join(root, 'hostile')
  await mkdir(from)
  // Each name is a plain thing now and a link to the host's a moment later.
  const source = `
    const fs = require('fs'), host = ${JSON.stringify(join(root, 'host'))}
    process.chdir(${JSON.stringify(from)})
    fs.writeFileSync('file', 'mine'); fs.symlinkSync(host + '/key', 'file-link'); fs.mkdirSync('dir'); fs.writeFileSync('dir/key', 'mine'); fs.symlinkSync(host, 'dir-link')
    const swap = (a, b) => { fs.renameSync(a, 't-' + a); fs.renameSync(b, a); fs.renameSync('t-' + a, b) }
    console.log('ready')
    for (;;) { swap('file', 'file-link'); swap('dir', 'dir-link') }`
  const swapper = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    await once(swapper.stdout, 'data')
    for (let round = 0; round < 150; round++) {
      const to = join(root, `stolen-${round}`)
      await copyTree(from, to)
      const found = await readdir(to, { recursive: true, withFileTypes: true })
      for (const entry of found) if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'utf8')).toBe('mine')
      await rm(to, { recursive: true })
    }
  } finally {
    swapper.kill('SIGKILL')
  }
})

test('folders without end are refused', async () => {
  const from = join(root, 'deep')
  await mkdir(join(from, ...Array<string>(100).fill('d')), { recursive: true })
  await expect(copyTree(from, join(root, 'deep-copy'))).rejects.toThrow('deep')
})
