import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { register } from '@/server/core/registry.ts'

let data: string
let worktrees: typeof import('./service.ts')

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'maestro-trees-'))
  vi.stubEnv('MAESTRO_DATA_DIR', data)
  vi.resetModules()
  register({ clock: systemClock })
  worktrees = await import('./service.ts')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(data, { recursive: true, force: true })
})

const scaffold = [
  { path: 'package.json', content: '{}\n' },
  { path: 'public/index.html', content: '<p>\n' },
]

describe('two roles on one scaffold', () => {
  it('merges what does not overlap and gives back what does', async () => {
    const base = await worktrees.seedRepository('b1', scaffold)
    const front = await worktrees.checkOut('b1', 'frontend', base)
    const back = await worktrees.checkOut('b1', 'backend', base)
    await worktrees.writeTreeFile(front, { path: 'public/index.html', content: '<h1>\n' })
    await worktrees.writeTreeFile(back, { path: 'server.js', content: '1\n' })
    const [a, b] = [await worktrees.commitTree('b1', 'frontend', base, 'front'), await worktrees.commitTree('b1', 'backend', base, 'back')]
    const merged = await worktrees.mergeCommits('b1', b, a, 'merge')
    expect(merged.conflicts).toEqual([])
    const tree = await worktrees.checkOut('b1', 'merged', merged.commit ?? '')
    expect(await worktrees.listTreeFiles(tree)).toEqual(['package.json', 'public/index.html', 'server.js'])
    expect(await worktrees.diffCommits('b1', base, merged.commit ?? '')).toContain('+<h1>')

    await worktrees.writeTreeFile(back, { path: 'public/index.html', content: 'other\n' })
    const clash = await worktrees.commitTree('b1', 'backend', base, 'clash')
    expect(await worktrees.mergeCommits('b1', clash, a, 'merge')).toEqual({ commit: null, conflicts: ['public/index.html'] })
  })

  it('lists and reads every file of a commit, whatever it is called and holds', async () => {
    const base = await worktrees.seedRepository('b4', scaffold)
    const tree = await worktrees.checkOut('b4', 'backend', base)
    await worktrees.writeTreeFile(tree, { path: 'src/.env', content: 'A=1\n' })
    await worktrees.writeTreeFile(tree, { path: 'src/두 단어.js', content: '' })
    await writeFile(join(tree, 'raw.bin'), Buffer.from([0, 10, 255, 10]))
    await symlink('/etc/passwd', join(tree, 'link'))
    const commit = await worktrees.commitTree('b4', 'backend', base, 'more')
    const files = await worktrees.listCommitFiles('b4', commit)
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ...[
        ['link', 11],
        ['package.json', 3],
        ['public/index.html', 4],
      ],
      ...[
        ['raw.bin', 4],
        ['src/.env', 4],
        ['src/두 단어.js', 0],
      ],
    ])
    const contents = await worktrees.readCommitFiles('b4', files)
    expect(contents.map(String)).toEqual(['/etc/passwd', '{}\n', '<p>\n', expect.any(String), 'A=1\n', ''])
    expect([...(contents[3] ?? [])]).toEqual([0, 10, 255, 10])
    expect(await worktrees.readCommitFiles('b4', [])).toEqual([])
    await expect(worktrees.readCommitFiles('b4', [{ path: 'x', bytes: 1, id: '0'.repeat(40), plain: true }])).rejects.toThrow()
  })

  it('starts again from a commit after a run that was killed halfway', async () => {
    const base = await worktrees.seedRepository('b2', scaffold)
    const tree = await worktrees.checkOut('b2', 'backend', base)
    await writeFile(join(tree, 'half-written'), 'x')
    await writeFile(join(data, 'work/b2/repository.git/index-backend.lock'), '')
    expect(await worktrees.listTreeFiles(await worktrees.checkOut('b2', 'backend', base))).toEqual(['package.json', 'public/index.html'])
    await expect(worktrees.commitTree('b2', 'backend', base, 'again')).resolves.toMatch(/^[0-9a-f]{40}$/)
  })

  it('runs no hook and no filter that a tree brings along', async () => {
    const base = await worktrees.seedRepository('b3', scaffold)
    const tree = await worktrees.checkOut('b3', 'backend', base)
    const flag = join(data, 'ran')
    await worktrees.writeTreeFile(tree, { path: '.gitattributes', content: '* filter=evil diff=evil\n' })
    await worktrees.writeTreeFile(tree, { path: '.gitconfig', content: `[filter "evil"]\n clean = touch ${flag}\n` })
    const commit = await worktrees.commitTree('b3', 'backend', base, 'evil')
    await worktrees.diffCommits('b3', base, commit)
    expect(existsSync(flag)).toBe(false)
  })
})

describe('the file tools', () => {
  it.each([
    '/etc/passwd',
    '../x',
    'a/../../x',
    './x',
    'a//b',
    '',
    '.git/config',
    '.GIT/config',
    'src/.git/hooks/x',
    '.git /x',
    'git~1/x',
    'a\\b',
    'C:/x',
    'node_modules/x',
    'a\u0000b',
    '.g\u200cit/x',
  ])('refuse the path %j', async (path) => {
    const root = await mkdtemp(join(data, 'files-'))
    await expect(worktrees.writeTreeFile(root, { path, content: 'x' })).rejects.toThrow(worktrees.ToolRefusal)
    await expect(worktrees.readTreeFile(root, path)).rejects.toThrow(worktrees.ToolRefusal)
  })

  it('follow no link, as a file or as a folder', async () => {
    const root = await mkdtemp(join(data, 'files-'))
    await symlink('/etc', join(root, 'out'))
    await symlink('/etc/hostname', join(root, 'name'))
    await expect(worktrees.readTreeFile(root, 'out/hostname')).rejects.toThrow('links are not followed')
    await expect(worktrees.readTreeFile(root, 'name')).rejects.toThrow('links are not followed')
    await expect(worktrees.writeTreeFile(root, { path: 'out/x', content: '' })).rejects.toThrow('links are not followed')
    expect(await worktrees.listTreeFiles(root)).toEqual([])
  })

  it('keep a role to what it may write, and to sizes', async () => {
    const root = await mkdtemp(join(data, 'files-'))
    await expect(
      worktrees.writeTreeFile(root, { path: 'package.json', content: '' }, { writes: ['server.js', 'src/'], denyPaths: [] }),
    ).rejects.toThrow('this role writes')
    await worktrees.writeTreeFile(root, { path: 'src/deep/a.js', content: '1' }, { writes: ['server.js', 'src/'], denyPaths: [] })
    await expect(worktrees.writeTreeFile(root, { path: 'src/deep/a.js/b.js', content: '1' })).rejects.toThrow(worktrees.ToolRefusal)
    await expect(worktrees.writeTreeFile(root, { path: 'big', content: 'x'.repeat(300_000) })).rejects.toThrow('at most 256 KB')
    await worktrees.deleteTreeFile(root, 'src/deep/a.js')
    await worktrees.deleteTreeFile(root, 'src/deep/a.js')
    expect(await worktrees.listTreeFiles(root)).toEqual([])
  })

  it('keep a role from what is on the deny-list, and from knowing of it; the platform itself lays out any file', async () => {
    const root = await mkdtemp(join(data, 'files-'))
    const reach = { denyPaths: ['*.csv', 'private/'] }
    for (const path of ['.env', 'config/.env.local', 'tls/server.key', 'data/people.CSV', 'private/a.js', 'src/a.js', '.npmrc']) {
      await worktrees.writeTreeFile(root, { path, content: 'x' })
    }
    for (const path of [
      '.env',
      'config/.env.local',
      'tls/server.key',
      'data/people.CSV',
      'private/a.js',
      'private/new.js',
      '.ENV',
      '.npmrc',
    ]) {
      await expect(worktrees.readTreeFile(root, path, reach)).rejects.toThrow('on the deny-list')
      await expect(worktrees.writeTreeFile(root, { path, content: 'y' }, reach)).rejects.toThrow(worktrees.ToolRefusal)
      await expect(worktrees.deleteTreeFile(root, path, reach)).rejects.toThrow(worktrees.ToolRefusal)
    }
    expect(await worktrees.listVisibleFiles(root, reach)).toEqual({
      shown: ['src/a.js'],
      withheld: ['.env', '.npmrc', 'config/.env.local', 'data/people.CSV', 'private/a.js', 'tls/server.key'],
    })
    expect(await worktrees.readTreeFile(root, 'src/a.js', reach)).toBe('x')
    expect(await worktrees.listTreeFiles(root)).toHaveLength(7)
  })
})
