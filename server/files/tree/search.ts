import { Worker } from 'node:worker_threads'
import { AppError } from '@/server/core/errors.ts'
import { isClosedFolder, pathFits, textOf } from '../rules.ts'
import { readIn } from './content.ts'
import type { Found } from './types.ts'
import { walkTree } from './walk.ts'

/** Bounds of one search. */
export const searchLimits = { hits: 200, lineLength: 300, bytes: 64 * 1024 * 1024, files: 5_000, deadlineMs: 3_000, pattern: 500 } as const

interface Hit {
  path: string
  line: number
  text: string
}
export interface SearchResult {
  hits: Hit[]
  /** There may be more than were found: a bound was reached. */
  cut: boolean
  files: number
}
export interface SearchInput {
  pattern: string
  regex?: boolean
  ignoreCase?: boolean
  glob?: string
}

type Match = (text: string) => Promise<number[]>

// An expression may run for ever; in a thread of its own it can be ended. It gets texts and gives numbers of lines.
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const expression = new RegExp(workerData.source, workerData.flags)
parentPort.on('message', (text) => {
  const lines = []
  text.split('\\n').forEach((line, at) => { if (lines.length < workerData.most && expression.test(line)) lines.push(at) })
  parentPort.postMessage(lines)
})`

const tooSlow = () =>
  new AppError('BAD_REQUEST', 'This expression takes too long; a simpler one, or plain text, does not.', 'pattern', {
    key: 'searchTooSlow',
  })

function literal({ pattern, ignoreCase }: SearchInput): Match {
  const wanted = ignoreCase ? pattern.toLowerCase() : pattern
  return async (text) => {
    if (!(ignoreCase ? text.toLowerCase() : text).includes(wanted)) return []
    const lines = text.split('\n')
    return lines.flatMap((line, at) => ((ignoreCase ? line.toLowerCase() : line).includes(wanted) ? [at] : []))
  }
}

/** An expression in a thread of its own, which is ended when the time is over. */
function expression({ pattern, ignoreCase }: SearchInput, deadline: number): { match: Match; end: () => void } {
  const flags = ignoreCase ? 'iu' : 'u'
  try {
    new RegExp(pattern, flags)
  } catch {
    throw new AppError('BAD_REQUEST', 'This is no regular expression.', 'pattern', { key: 'searchNoExpression' })
  }
  const workerData = { source: pattern, flags, most: searchLimits.hits }
  const worker = new Worker(program, { eval: true, workerData, env: {}, resourceLimits: { maxOldGenerationSizeMb: 64 } })
  worker.unref()
  worker.on('error', () => undefined)
  const match: Match = (text) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(), Math.max(1, deadline - performance.now()))
      const fail = () => {
        clearTimeout(timer)
        reject(tooSlow())
      }
      worker.once('message', (lines: number[]) => {
        clearTimeout(timer)
        worker.off('exit', fail)
        resolve(lines)
      })
      worker.once('exit', fail)
      worker.postMessage(text)
    })
  return { match, end: () => void worker.terminate() }
}

interface Course extends SearchResult {
  bytes: number
}

async function searchFile(found: Found, match: Match, course: Course): Promise<void> {
  const { bytes } = await readIn(found.folder, found.name).catch(() => ({ bytes: null }))
  const text = bytes && textOf(bytes)
  if (text === null) return
  course.bytes += bytes?.length ?? 0
  course.files++
  const at = await match(text)
  if (at.length === 0) return
  const lines = text.split('\n')
  for (const line of at) course.hits.push({ path: found.path, line: line + 1, text: (lines[line] ?? '').slice(0, searchLimits.lineLength) })
}

/**
 * Looks for lines in all text files of a folder, within bounds of time and size. `withheld` names what is not looked into.
 * @throws AppError BAD_REQUEST where the expression is none, or takes too long
 */
export async function searchTree(root: string, input: SearchInput, withheld: (path: string) => boolean): Promise<SearchResult> {
  const deadline = performance.now() + searchLimits.deadlineMs
  const { match, end } = input.regex ? expression(input, deadline) : { match: literal(input), end: () => undefined }
  const course: Course = { hits: [], cut: false, files: 0, bytes: 0 }
  try {
    await walkTree(root, async (found) => {
      if (found.kind === 'folder') return isClosedFolder(found.name) ? 'pass' : undefined
      if (found.kind !== 'file' || withheld(found.path) || (input.glob && !pathFits(found.path, input.glob))) return
      const over = course.hits.length >= searchLimits.hits || course.bytes >= searchLimits.bytes || course.files >= searchLimits.files
      course.cut ||= over || performance.now() > deadline
      if (course.cut) return 'end'
      await searchFile(found, match, course)
    })
  } finally {
    end()
  }
  course.cut ||= course.hits.length > searchLimits.hits
  return { hits: course.hits.slice(0, searchLimits.hits), cut: course.cut, files: course.files }
}
