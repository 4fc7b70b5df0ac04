import { denialOf } from './deny.ts'

type Fields = Record<string, unknown>
/** Says whether a path is denied; asked often for the same paths. */
type Denied = (path: string) => boolean

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const pathField =
  /^(?:.*_)?(?:path|file|filename|filepath|uri)$|^(?:file|notebook|source|target|old|new)_?(?:path|name)$|^(?:paths|files|source|destination)$/i
/** The same as tools of other languages write them: `relativePath`, `targetFile`. */
const camelPathField = /[a-z\d](?:Paths?|Files?|File[Nn]ame|Uri|URI)$/
const isPathField = (name: string) => pathField.test(name) || camelPathField.test(name)
const commandField = /^(?:command|cmd|script|args|argv)$/i

/** Words by which a tool is told what to do, beside a path. */
const modeField = /^(?:command|operation|action|mode|type|kind|encoding)$/i
const isMode = (name: string, value: unknown) => modeField.test(name) && typeof value === 'string' && /^[a-z0-9_-]{1,20}$/i.test(value)
const isAddress = (text: string) => /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(text)

const notes = (paths: Iterable<string>) => [...paths].map((path) => `[withheld: ${path} is on the deny-list]`).join('\n')
/** A path as it may be repeated in a sentence. */
const spoken = (path: string) => path.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200)

/** The words of a command that name a denied path; options and patterns name none. */
const wordsOf = (command: string) =>
  command
    .slice(0, 20_000)
    .split(/[\s;|&<>()"'`=]+/)
    .filter((word) => word && !word.startsWith('-') && !/[*?[\]{}$]/.test(word))

/** The denied paths that a tool was asked for; where one stands beside other fields, those are its content and go. */
function inInput(input: unknown, denied: Denied, found: Set<string>): void {
  if (Array.isArray(input)) for (const item of input) inInput(item, denied, found)
  if (!isFields(input)) return
  const here = new Set<string>()
  for (const [name, value] of Object.entries(input)) {
    const texts = (typeof value === 'string' ? [value] : list(value)).filter((text) => typeof text === 'string')
    if (isPathField(name)) for (const text of texts) if (!isAddress(text) && denied(text)) here.add(spoken(text))
    if (commandField.test(name)) for (const word of texts.flatMap(wordsOf)) if (denied(word)) found.add(spoken(word))
  }
  for (const [name, value] of Object.entries(input)) {
    if (here.size === 0) inInput(value, denied, found)
    else if (!isPathField(name) && !isMode(name, value) && (typeof value === 'string' || typeof value === 'object'))
      input[name] = notes(here)
  }
  for (const path of here) found.add(path)
}

const beginning =
  /"(?:path|file|file_?path|file_?name)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){1,1100})"\s{0,20},\s{0,20}"(?:content|contents|text|body|source|data|diff|patch)"\s{0,20}:\s{0,20}"/gi
const element = /<(file|document|source)\b[^<>]{0,200}?\b(?:path|name|src|file)\s?=\s?"([^"<>]{1,1100})"[^<>]{0,200}>/gi

function pathOfJson(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}

/** Where a JSON string that begins here ends: at its closing quotation mark, or with the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}

/** Where an element ends; asked from the front to the back. That there is no end of its kind any more is found out once: a text may open thousands. */
function makeEnds(text: string): (tag: string, from: number) => number {
  const ends = new Map<string, number>()
  return (tag, from) => {
    let end = ends.get(tag) ?? -1
    if (end < from) {
      const found = text.indexOf(`</${tag}`, from)
      end = found === -1 ? text.length : found
      ends.set(tag, end)
    }
    return end
  }
}

/** Files that a text carries, as JSON (`"path": …, "content": …`) or between tags (`<file path="…">`). */
function inText(text: string, denied: Denied, found: Set<string>): string {
  let out = ''
  let last = 0
  const leaveOut = (path: string, from: number, to: number) => {
    if (from < last || to <= from) return
    found.add(spoken(path))
    out += text.slice(last, from) + JSON.stringify(notes([spoken(path)])).slice(1, -1)
    last = to
  }
  const spans: [path: string, from: number, to: number][] = []
  for (const match of text.matchAll(beginning)) {
    const path = pathOfJson(match[1] ?? '')
    const from = match.index + match[0].length
    if (denied(path)) spans.push([path, from, endOfString(text, from)])
  }
  const endOfElement = makeEnds(text)
  for (const match of text.matchAll(element)) {
    const from = match.index + match[0].length
    if (!denied(match[2] ?? '')) continue
    spans.push([match[2] ?? '', from, endOfElement(match[1] ?? '', from)])
  }
  for (const [path, from, to] of spans.sort((a, b) => a[1] - b[1])) leaveOut(path, from, to)
  return out + text.slice(last)
}

const lineHead = /^([^\s:"'`]{2,300}):.*$/gm
/** What a search found in denied files: `.env:3:KEY=…`. */
function inLines(text: string, denied: Denied, found: Set<string>): string {
  return text.replace(lineHead, (line, path: string) => {
    if (!/[./]/.test(path) || !denied(path)) return line
    found.add(spoken(path))
    return notes([spoken(path)])
  })
}

function inBlock(block: unknown, denied: Denied, found: Set<string>, searched: boolean): void {
  if (!isFields(block)) return
  if (block.type === 'text' && typeof block.text === 'string') {
    const text = inText(block.text, denied, found)
    block.text = searched ? inLines(text, denied, found) : text
    return
  }
  const title = [block.title, block.source].find((text) => typeof text === 'string' && denied(text)) as string | undefined
  if (title !== undefined) {
    found.add(spoken(title))
    if (block.type === 'document') block.source = { type: 'text', media_type: 'text/plain', data: notes([spoken(title)]) }
    else if (Array.isArray(block.content)) block.content = [{ type: 'text', text: notes([spoken(title)]) }]
    if (typeof block.context === 'string') block.context = notes([spoken(title)])
    return
  }
  const { source } = block
  if (isFields(source) && source.type === 'text' && typeof source.data === 'string') source.data = inText(source.data, denied, found)
  const inner = block.type === 'search_result' ? block.content : isFields(source) ? source.content : undefined
  for (const part of list(inner)) inBlock(part, denied, found, searched)
}

function inResult(block: Fields, asked: ReadonlyMap<string, Set<string>>, denied: Denied, found: Set<string>): void {
  const paths = asked.get(String(block.tool_use_id))
  if (paths) block.content = notes(paths)
  else if (typeof block.content === 'string') block.content = inLines(inText(block.content, denied, found), denied, found)
  else for (const part of list(block.content)) inBlock(part, denied, found, true)
}

/**
 * Leaves out of a request (which it changes) what lies on denied paths: contents that a tool was given or brought, and documents. Gives the
 * paths, sorted. It looks at what a path stands beside, so it holds for any tool.
 */
export function withhold(request: unknown, denyPaths: readonly string[]): string[] {
  const known = new Map<string, boolean>()
  const denied: Denied = (path) => {
    const before = known.get(path)
    if (before !== undefined) return before
    const now = denialOf(path, denyPaths) !== null
    known.set(path, now)
    return now
  }
  const found = new Set<string>()
  const asked = new Map<string, Set<string>>()
  const visit = (block: unknown) => {
    if (!isFields(block)) return
    if (block.type === 'tool_use' || block.type === 'mcp_tool_use') {
      const paths = new Set<string>()
      inInput(block.input, denied, paths)
      if (paths.size > 0) asked.set(String(block.id), paths)
      for (const path of paths) found.add(path)
    } else if (block.type === 'tool_result' || block.type === 'mcp_tool_result') inResult(block, asked, denied, found)
    else inBlock(block, denied, found, false)
  }
  if (!isFields(request)) return []
  for (const message of list(request.messages)) {
    if (!isFields(message)) continue
    if (typeof message.content === 'string') message.content = inText(message.content, denied, found)
    else for (const block of list(message.content)) visit(block)
  }
  if (typeof request.system === 'string') request.system = inText(request.system, denied, found)
  else for (const block of list(request.system)) visit(block)
  return [...found].sort()
}
