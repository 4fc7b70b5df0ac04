/** The domains in order: each may use those before it, none those after it. `core` stands under all of them. */
export const domainLine = [
  'vault',
  'streams',
  'audit',
  'accounts',
  'tokens',
  'projects',
  'models',
  'ai',
  'notifications',
  'beta',
  'members',
  'feedback',
  'artifacts',
  'builds',
  'deployments',
  'retention',
  'administration',
  'errors',
  'alerts',
  'insights',
  'assets',
  'worktrees',
  'agents',
  'memory',
  'files',
  'chats',
  'terminals',
  'workspace',
  'dashboard',
  'gate',
  'crews',
  // What a conversation made becomes a project of its own.
  'handover',
  // Whoever seals everything anew has to know everything that is sealed.
  'rotation',
  // Whoever removes everything has to know everything.
  'offboarding',
] as const

const topLevel = [
  ...['app', 'components', 'server', 'prisma', 'public', 'e2e', 'deploy'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'next.config.mjs', 'prisma.config.ts', 'postcss.config.mjs'],
  ...['biome.json', 'vitest.config.ts', 'playwright.config.ts'],
  ...['README.md', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md', 'CONTRIBUTING.md'],
]
const programs = [
  'bootstrap.mjs',
  'bootstrap.d.mts',
  'main.ts',
  'stand-ins.ts',
  'supervisor.ts',
  'ai-server.ts',
  'cli.ts',
  'cli-keys.ts',
  'cli-verify.ts',
  'cli-offline.ts',
]
const lists = ['router.ts', 'functions.ts', 'sockets.ts', 'caller.ts']
const vocabulary = ['schema.ts', 'rules.ts', 'data.ts', 'service.ts', 'router.ts', 'jobs.ts', 'sockets.ts']
const routeFiles =
  /^(page|layout|template|loading|error|global-error|not-found|default|route|icon|apple-icon|robots|sitemap|manifest)\.(tsx?|svg|png)$/
const componentFolders: readonly string[] = ['ui', 'client', 'shell', ...domainLine]

/** Which kind of place a file stands in; the rules of imports are about kinds. */
export type Kind = 'app' | 'api' | 'components' | 'core' | 'embedded' | 'testing' | 'program' | 'list' | 'part' | 'outside' | DomainFile
export type DomainFile = 'schema' | 'rules' | 'data' | 'service' | 'router' | 'jobs' | 'sockets'

export interface Place {
  kind: Kind
  /** The domain, or the name of the stand-in below `embedded/`. */
  owner: string | null
}

const isTest = (path: string) => /\.(test|spec)\.tsx?$/.test(path)

/** Where a path stands. A domain's test stands where the file it tests would. */
export function placeOf(path: string): Place {
  const [top = '', second = '', third = '', ...deeper] = path.split('/')
  if (top === 'app') return { kind: second === 'api' ? 'api' : 'app', owner: null }
  if (top === 'components') return { kind: 'components', owner: second }
  if (top !== 'server') return { kind: 'outside', owner: null }
  if (!third) return { kind: lists.includes(second) ? 'list' : 'program', owner: null }
  if (second === 'core' || second === 'testing') return { kind: second, owner: null }
  if (second === 'embedded') return { kind: 'embedded', owner: third }
  const file = third.replace(/\.ts$/, '') as DomainFile
  return { kind: deeper.length === 0 && vocabulary.includes(third) ? file : 'part', owner: second }
}

function serverComplaint(path: string): string | null {
  const [, second = '', third = '', ...deeper] = path.split('/')
  if (!third)
    return [...programs, ...lists].includes(second) || isTest(path)
      ? null
      : `server/ itself holds only ${[...programs, ...lists].join(', ')}`
  if (['core', 'testing', 'embedded'].includes(second)) return null
  if (!(domainLine as readonly string[]).includes(second))
    return 'is in no domain: add the domain to the line in structure/places.ts, or move the file to one'
  if (isTest(path)) return deeper.length <= 1 ? null : 'stands too deep: parts folders have no folders'
  if (deeper.length === 0)
    return vocabulary.includes(third)
      ? null
      : `a domain holds only ${vocabulary.join(', ')} and parts folders (types.ts plus one file per part)`
  return deeper.length === 1 ? null : 'stands too deep: parts folders have no folders'
}

/** Why a file may not stand where it stands, or null. */
export function placeComplaint(path: string): string | null {
  const parts = path.split('/')
  const [top = '', second = ''] = parts
  const name = parts.at(-1) ?? ''
  if (!top.startsWith('.') && !topLevel.includes(top)) return `the top level holds only ${topLevel.join(', ')} and dotfiles`
  if (top === 'server' && !path.endsWith('.json')) return serverComplaint(path)
  if (top === 'app' && !routeFiles.test(name) && path !== 'app/globals.css')
    return 'app/ holds routes only: components go to components/<domain>, logic to server/<domain>'
  if (top === 'components' && !(parts.length === 3 && componentFolders.includes(second)))
    return 'components stand in components/ui, client, shell or a domain’s folder, without deeper ones'
  return null
}

/** Parts folders that lack the interface their parts share. */
export function foldersWithoutTypes(paths: string[]): string[] {
  const parts = paths.filter(
    (path) => path.startsWith('server/') && placeOf(path).kind === 'part' && path.split('/').length === 4 && !isTest(path),
  )
  const folders = new Set(parts.map((path) => path.slice(0, path.lastIndexOf('/'))))
  return [...folders].filter((folder) => !paths.includes(`${folder}/types.ts`))
}
