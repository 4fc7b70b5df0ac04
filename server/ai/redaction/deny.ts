import picomatch from 'picomatch'
import { alwaysDenied } from '../schema.ts'

/** By which pattern a path is denied, and whether it is one of those that hold in every project. */
export interface Denial {
  pattern: string
  always: boolean
}

/** No file of a project has a longer path or name, or lies deeper; what claims to be one is denied unread. */
const longest = { path: 1_024, name: 255, depth: 64 } as const
/** So many patterns are kept ready. */
const kept = 2_000
const never = '$^'

/** One way to write names that file systems and people take for the same. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .toLowerCase()

/** A file's address writes some characters by their numbers. */
function addressed(path: string): string {
  if (!/^file:/i.test(path)) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * A path's parts, however it was written: slashes of either kind, `.` and `..`, letters of either size, Unicode forms, what Windows drops
 * from a name's end. `rooted` says that it begins somewhere unknown: at a root, or above where we are.
 */
function partsOf(path: string): { parts: string[]; rooted: boolean } {
  const text = plain(addressed(path))
    .replace(/^file:\/\//, '')
    .replace(/\\/g, '/')
    .replace(/:{1,2}\$data$/, '')
  let rooted = /^(?:\/|~|[a-z]:)/.test(text)
  const parts: string[] = []
  for (const raw of text.replace(/^[a-z]:/, '').split('/')) {
    const part = raw === '.' || raw === '..' ? raw : raw.replace(/[. ]+$/, '').trimStart()
    if (part === '..') {
      if (parts.pop() === undefined) rooted = true
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return { parts, rooted }
}

/** A pattern as `.gitignore` reads it: a name alone is meant at any depth, a folder with all that lies in it. */
function globsOf(pattern: string): string[] {
  const text = plain(pattern).trim().replace(/^\.\//, '').replace(/[()|]/g, '\\$&')
  const bare = text.replace(/^\/+|\/+$/g, '')
  const anchored = text.replace(/\/+$/, '').includes('/')
  const glob = anchored ? bare : `**/${bare}`
  return text.endsWith('/') ? [`${glob}/**`] : [glob, `${glob}/**`]
}

const expressionsOf = (pattern: string): RegExp[] =>
  globsOf(pattern).map((glob) => picomatch.makeRe(glob, { dot: true, noextglob: true, nonegate: true }))

const ready = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const before = ready.get(pattern)
  if (before) return before
  const expression = new RegExp(
    expressionsOf(pattern)
      .map(({ source }) => `(?:${source})`)
      .join('|'),
    'u',
  )
  if (ready.size >= kept) ready.clear()
  ready.set(pattern, expression)
  return expression
}

/** Whether a pattern is one that can match something. */
export function isPattern(pattern: string): boolean {
  try {
    return expressionsOf(pattern).every(({ source }) => source !== never) && expressionOf(pattern) !== null
  } catch {
    return false
  }
}

function matches(pattern: string, candidates: readonly string[]): boolean {
  try {
    const expression = expressionOf(pattern)
    return candidates.some((candidate) => expression.test(candidate))
  } catch {
    return false
  }
}

/** By which pattern a path is denied, or null; paths that begin somewhere unknown are read from each of their folders on. */
export function denialOf(path: string, denyPaths: readonly string[]): Denial | null {
  const unread = { pattern: '**', always: true }
  if (path.length > longest.path) return unread
  const { parts, rooted } = partsOf(path)
  if (parts.length > longest.depth || parts.some((part) => part.length > longest.name)) return unread
  if (parts.length === 0) return null
  const candidates = rooted ? parts.map((_, i) => parts.slice(i).join('/')) : [parts.join('/')]
  const always = alwaysDenied.find((pattern) => matches(pattern, candidates))
  if (always) return { pattern: always, always: true }
  const own = denyPaths.find((pattern) => matches(pattern, candidates))
  return own === undefined ? null : { pattern: own, always: false }
}
