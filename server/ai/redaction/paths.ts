import { denialOf } from './deny.ts'

/** Whether no model gets to see a path: the project's own patterns, and those that hold everywhere. */
export const isDenied = (path: string, denyPaths: readonly string[]): boolean => denialOf(path, denyPaths) !== null

/** Files that may be shown to a model, and the paths of those that may not, sorted. */
export function partition<F extends { path: string }>(
  files: readonly F[],
  denyPaths: readonly string[],
): { shown: F[]; withheld: string[] } {
  const shown = files.filter(({ path }) => !isDenied(path, denyPaths))
  const kept = new Set(shown)
  return {
    shown,
    withheld: files
      .filter((file) => !kept.has(file))
      .map(({ path }) => path)
      .sort(),
  }
}
