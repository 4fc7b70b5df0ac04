import { describe, expect, it } from 'vitest'
import { alwaysDenied, denyPathLimits, denyPathSchema } from '../schema.ts'
import { denialOf, isPattern } from './deny.ts'

const by = (path: string, own: string[] = []) => denialOf(path, own)?.pattern ?? null

describe('paths that are always denied', () => {
  it.each([
    ...['.env', '.env.example', '.env.local', '.envrc', 'app/.env', '.ENV', './.env', 'a/../.env', 'a/./b/.env.production', '/.env'],
    ...[
      '/workspace/app/.env',
      '..\\.env',
      'app\\.env',
      'C:\\app\\.env',
      '.env ',
      '.env.',
      '.env::$DATA',
      '.\u200benv',
      '．ｅｎｖ',
      '../../.env',
    ],
    ...[
      'file:///home/ada/.env',
      'file:///home/ada/%2Eenv',
      '.git',
      '.git/config',
      'sub/.git/HEAD',
      '.GIT/config',
      '.g\u200cit/config',
      'tls/server.key',
      'server.PEM',
    ],
    ...[
      'id_rsa',
      'home/.ssh/id_ed25519',
      '.ssh/config',
      '~/.aws/credentials',
      '.npmrc',
      'a/.netrc',
      'keys/service-account-prod.json',
      'store.jks',
    ],
    ...[
      'infra/terraform.tfstate',
      'infra/terraform.tfstate.backup',
      '.kube/config',
      '.docker/config.json',
      `${'a/'.repeat(600)}b`,
      'n'.repeat(300),
    ],
  ])('%j is', (path) => expect(denialOf(path, [])?.always).toBe(true))

  it.each([
    ...[
      'environment.ts',
      'src/env.ts',
      '.gitignore',
      '.gitattributes',
      '.github/workflows/ci.yml',
      'keyboard.ts',
      'monkey.js',
      'docs/key.md',
    ],
    ...['package.json', 'a.env', 'src/ssh/config.ts', 'credentials.ts', 'config.json', 'kube/config', '', '.', '/', 'tokens.test.ts'],
  ])('%j is not', (path) => expect(by(path)).toBeNull())
})

describe('a project’s own patterns', () => {
  it.each([
    ['secrets.yml', 'secrets.yml', true],
    ['secrets.yml', 'config/deep/Secrets.YML', true],
    ['config/secrets.yml', 'config/secrets.yml', true],
    ['config/secrets.yml', 'app/config/secrets.yml', false],
    ['config/secrets.yml', '/workspace/config/secrets.yml', true],
    ['/config.yml', 'config.yml', true],
    ['/config.yml', 'a/config.yml', false],
    ['private/', 'private/a/b.ts', true],
    ['private/', 'app/private/a', true],
    ['private/', 'private', true],
    ['📁*', 'a/📁b', true],
    ['private', 'app/private/a', true],
    ['data/*.csv', 'data/a.csv', true],
    ['data/*.csv', 'data/sub/a.csv', false],
    ['data/**/*.csv', 'data/x/y/a.csv', true],
    ['data/**/*.csv', 'data/a.csv', true],
    ['*.{sql,dump}', 'db/backup.dump', true],
    ['app/(internal)/**', 'app/(internal)/page.tsx', true],
    ['app/[id]/x', 'app/i/x', true],
    ['café/**', 'cafe\u0301/a.txt', true],
    ['(a+)+b', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaac', false],
    ['.hidden*', 'a/.hidden-file', true],
    ['*', '.dot', true],
  ])('%j and %j: %s', (pattern, path, denied) => {
    expect(by(path, [pattern])).toBe(denied ? pattern : null)
    expect(isPattern(pattern)).toBe(true)
  })

  it('names the one that holds, and the common ones first', () => {
    expect(denialOf('a/b.sql', ['*.csv', '*.sql'])).toEqual({ pattern: '*.sql', always: false })
    expect(denialOf('.env', ['.env'])).toEqual({ pattern: '**/.env*', always: true })
  })

  it.each(['', '  ', '!keep', '../up', 'a\\b', 'a\u0000b', '*a*b*c*d', '**/a/**/b/**/c/**/d', 'x'.repeat(denyPathLimits.length + 1)])(
    '%j is refused',
    (pattern) => {
      expect(denyPathSchema.safeParse(pattern).success).toBe(false)
    },
  )

  it('cannot hold the process up, whatever they and the paths are', () => {
    const patterns = [
      '**/*a*a*a/**/*a*a*a/**',
      '*?*?a?',
      '[a-z]*[a-z]*[a-z]*',
      '{a,aa,aaa}*{a,aa}*{a,aaa}*',
      '+(a|aa)+(b)',
      '**/{a,b}/**/{c,d}*',
    ]
    const allowed = patterns.filter((pattern) => denyPathSchema.safeParse(pattern).success)
    expect(allowed.length).toBeGreaterThan(3)
    for (const path of [
      'a'.repeat(1_000),
      'a/'.repeat(500),
      `${'ab'.repeat(250)}/${'ba'.repeat(200)}`,
      'aA'.repeat(400),
      '../'.repeat(300),
    ]) {
      const startedAt = performance.now()
      denialOf(path, allowed)
      // Far above what it takes, far below what a pattern that tries every way would.
      expect(performance.now() - startedAt, path.slice(0, 10)).toBeLessThan(10_000)
    }
  })

  it('every one of the common ones can match', () => expect(alwaysDenied.every(isPattern)).toBe(true))
})
