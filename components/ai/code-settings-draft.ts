import { type AiSettings, type DenyPathProblem, denyPathLimits, denyPathProblem } from '@/server/ai/schema.ts'

/** What is wrong with the patterns, and in which line; line 0 means all of them. */
export interface PatternProblem {
  line: number
  problem: DenyPathProblem | 'many'
}

/** The patterns of a text, one a line; empty lines and those that begin with `#` are none, as in `.gitignore`. */
export const patternsOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))

/** The first thing that is wrong with the patterns of a text, or null. */
export function problemOf(text: string): PatternProblem | null {
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const pattern = line.trim()
    const problem = pattern === '' || pattern.startsWith('#') ? null : denyPathProblem(pattern)
    if (problem) return { line: i + 1, problem }
  }
  return patternsOf(text).length > denyPathLimits.patterns ? { line: 0, problem: 'many' } : null
}

/** What the form holds: the settings, with the patterns as they are being written. */
export interface Draft extends Omit<AiSettings, 'denyPaths'> {
  text: string
}

export const draftOf = ({ review, stopAt, denyPaths }: AiSettings): Draft => ({ review, stopAt, text: denyPaths.join('\n') })
export const settingsOf = ({ review, stopAt, text }: Draft): AiSettings => ({ review, stopAt, denyPaths: [...new Set(patternsOf(text))] })

/** Whether a draft means something else than what is stored. */
export const isChanged = (draft: Draft, stored: AiSettings): boolean =>
  JSON.stringify(settingsOf(draft)) !== JSON.stringify(settingsOf(draftOf(stored)))
