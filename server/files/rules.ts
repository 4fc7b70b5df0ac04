import { fileLimits } from './schema.ts'

const controlCharacters = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u
const nameBytes = 255

/** Why a path cannot be one of a session's files; null where it can. Only plain relative paths with forward slashes pass. */
export type PathFault = 'length' | 'absolute' | 'control' | 'part' | 'depth' | 'git'

const isGit = (part: string): boolean => {
  const plain = part
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[. ]+$/, '')
  return plain === '.git' || plain.startsWith('.git~') || plain === 'git~1'
}

/** Says what is wrong with a path, before anything of the disk is looked at. */
export function faultOfPath(path: string): PathFault | null {
  if (path.length === 0 || path.length > fileLimits.pathLength) return 'length'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\')) return 'absolute'
  if (controlCharacters.test(path)) return 'control'
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > nameBytes)) return 'part'
  if (parts.length > fileLimits.depth) return 'depth'
  return parts.some(isGit) ? 'git' : null
}

/** Folders whose content is neither listed, searched nor compared: others' code, and Git's own. */
export const isClosedFolder = (name: string): boolean => name === 'node_modules' || isGit(name)

/** A path as models write it: what a sandbox calls the folder, and a leading or trailing `./`, mean nothing. */
export function plainPath(path: string): string {
  const inside = path === '/workspace' ? '' : path.startsWith('/workspace/') ? path.slice('/workspace/'.length) : path
  return inside.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
}

/** Whether a name fits a pattern of `*` and `?`, in time that grows with their product alone. */
function nameFits(name: string, pattern: string): boolean {
  let [at, p, star, mark] = [0, 0, -1, 0]
  while (at < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === name[at] && pattern[p] !== '*'))) {
      at++
      p++
    } else if (pattern[p] === '*') {
      star = p++
      mark = at
    } else if (star >= 0) {
      p = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** Whether a path fits a pattern as `src/**\/*.ts`; a pattern without a slash is about the last name. */
export function pathFits(path: string, pattern: string): boolean {
  const parts = path.split('/')
  if (!pattern.includes('/')) return nameFits(parts.at(-1) ?? '', pattern)
  const rules = pattern.replace(/^\/+/, '').split('/').slice(0, 40)
  // What of the path was used up, after each rule.
  let reached = new Set([0])
  for (const rule of rules) {
    const next = new Set<number>()
    for (const at of reached) {
      if (rule === '**') for (let to = at; to <= parts.length; to++) next.add(to)
      else if (at < parts.length && nameFits(parts[at] ?? '', rule)) next.add(at + 1)
    }
    reached = next
  }
  return reached.has(parts.length)
}

/** The text of bytes, or null where they are none. */
export function textOf(bytes: Buffer): string | null {
  if (bytes.subarray(0, 8_192).includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

const mediaTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
  json: 'application/json',
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  md: 'text/markdown',
  csv: 'text/csv',
}

/** What kind of content a file's name promises. */
export function mediaTypeOf(path: string, text: boolean): string {
  const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  return mediaTypes[ending] ?? (text ? 'text/plain' : 'application/octet-stream')
}
