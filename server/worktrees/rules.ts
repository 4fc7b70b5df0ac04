import { treeLimits } from './schema.ts'

/** Patterns a role may touch: an exact path, or a folder with everything below it (`src/`). */
export type Allowance = readonly string[]

const controlCharacters = /[\p{Cc}\p{Cf}]/u

/**
 * Why a path may not be used, in words for the role that asked; null where it may. Only plain relative paths with forward
 * slashes pass: nothing absolute, no way up, no Git directory in any spelling a file system could take for it.
 */
export function refusePath(path: string, allowed?: Allowance): string | null {
  if (path.length === 0 || path.length > treeLimits.pathLength) return `a path has 1 to ${treeLimits.pathLength} characters`
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\')) return 'a path is relative, with forward slashes'
  if (controlCharacters.test(path)) return 'a path has no control characters'
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'a path has no empty, "." or ".." part'
  const plain = parts.map((part) =>
    part
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[. ]+$/, ''),
  )
  if (plain.some((part) => part === '.git' || part.startsWith('.git~') || part === 'git~1')) return 'the Git directory is out of reach'
  if (plain.includes('node_modules')) return 'dependencies are installed by the platform alone'
  if (allowed && !allowed.some((rule) => (rule.endsWith('/') ? path.startsWith(rule) : path === rule))) {
    return `this role writes ${allowed.join(', ')} only`
  }
  return null
}
