import { createHash } from 'node:crypto'
import { ledgerNames, type SentFile } from '../schema.ts'

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Tools whose answer is a word about a file, not the file. */
const changesFiles = /write|edit|create|delete|remove|rename|move|replace|insert|append/i
const longestPath = 1_000

const sent = (path: string, content: string | Buffer): SentFile => ({
  path: path.slice(0, longestPath),
  bytes: Buffer.byteLength(content),
  sha256: createHash('sha256').update(content).digest('hex'),
})

function documentOf({ title, source }: Fields): SentFile | null {
  if (typeof title !== 'string' || !isFields(source)) return null
  const data = text(source.data)
  if (data === undefined) return null
  return sent(title, source.type === 'base64' ? Buffer.from(data, 'base64') : data)
}

const pathIn = (input: unknown): string | undefined =>
  isFields(input) ? (text(input.path) ?? text(input.file_path) ?? text(input.filename)) : undefined

/** Words of a tool's answer; null where it has none. */
function wordsOf(content: unknown): string | null {
  if (typeof content === 'string') return content
  const words = list(content).flatMap((part) => (isFields(part) && part.type === 'text' ? [text(part.text) ?? ''] : []))
  return words.length > 0 ? words.join('') : null
}

function inBlocks(blocks: unknown, asked: Map<string, string>, add: (file: SentFile | null) => void): void {
  for (const block of list(blocks)) {
    if (!isFields(block)) continue
    if (block.type === 'document') add(documentOf(block))
    if (block.type === 'tool_use') {
      const path = pathIn(block.input)
      if (path === undefined) continue
      const content = isFields(block.input) ? text(block.input.content) : undefined
      if (content !== undefined) add(sent(path, content))
      else if (!changesFiles.test(String(block.name))) asked.set(String(block.id), path)
    }
    if (block.type === 'tool_result') {
      const path = asked.get(String(block.tool_use_id))
      const words = path === undefined || block.is_error === true ? null : wordsOf(block.content)
      if (path !== undefined && words !== null) add(sent(path, words))
      inBlocks(block.content, asked, add)
    }
  }
}

/** What of a request the ledger names: the model, and the files, each content once. */
export interface Contents {
  model: string
  files: SentFile[]
  fileCount: number
}

/**
 * Reads a request as it leaves. Files are documents with a title, what a tool was given as the content of a path, and what a tool answered that
 * was asked for one; what was withheld is none.
 */
export function contentsOf(body: string, given: readonly SentFile[], withheld: readonly string[]): Contents {
  let request: unknown
  try {
    request = JSON.parse(body)
  } catch {
    request = null
  }
  const { model, messages, system } = isFields(request) ? request : {}
  const found = new Map<string, SentFile>()
  const left = new Set(withheld)
  const add = (file: SentFile | null) => {
    if (file && !left.has(file.path)) found.set(`${file.path}\0${file.sha256}`, file)
  }
  for (const file of given) add(file)
  const asked = new Map<string, string>()
  inBlocks(system, asked, add)
  for (const message of list(messages)) if (isFields(message)) inBlocks(message.content, asked, add)
  return { model: text(model) ?? '', files: [...found.values()].slice(0, ledgerNames), fileCount: found.size }
}
