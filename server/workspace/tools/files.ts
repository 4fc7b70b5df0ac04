import { z } from 'zod'
import { isAppError } from '@/server/core/errors.ts'
import { fileLimits } from '@/server/files/schema.ts'
import { deleteFile, editFile, listTree, plainPath, readFile, searchFiles, writeFile } from '@/server/files/service.ts'
import type { Tool, ToolContext, ToolResult } from './types.ts'

const listed = 1_000
const linesAtOnce = 1_500
const longestLine = 2_000

const path = z.string().min(1).max(fileLimits.pathLength).describe('Relative to the folder of the conversation, with forward slashes.')

/** What goes wrong in our own words is the model's to hear. */
async function told(work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work()
  } catch (error) {
    if (isAppError(error) && error.code !== 'INTERNAL') return { output: error.message, isError: true }
    throw error
  }
}

function tool<Input extends z.ZodType>(
  name: string,
  description: string,
  input: Input,
  run: (input: z.infer<Input>, context: ToolContext) => Promise<ToolResult>,
): Tool<Input> {
  return { name, description, input, run: (given, context) => told(() => run(given, context)) }
}

const sizeOf = (bytes: number) =>
  bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / 1024 ** 2)} MB`

const listFiles = tool(
  'list_files',
  'Lists the files and folders of the conversation with their sizes. What lies in .git and node_modules is left out.',
  z.object({ path: z.string().max(fileLimits.pathLength).optional().describe('Only what lies below this folder.') }),
  async ({ path: below }, { spaceId, sessionId, denyPaths }) => {
    const { entries, cut, withheld } = await listTree(spaceId, sessionId, { denyPaths })
    const folder = plainPath(below ?? '').replace(/^\.$/, '')
    const inside = folder ? entries.filter((entry) => entry.path.startsWith(`${folder}/`)) : entries
    if (folder && !entries.some((entry) => entry.path === folder && entry.kind === 'folder')) {
      return { output: 'There is no such folder.', isError: true }
    }
    const lines = inside.slice(0, listed).map((entry) => {
      if (entry.kind === 'folder') return `${entry.path}/`
      return entry.kind === 'link' ? `${entry.path} (a link, which no tool follows)` : `${entry.path} (${sizeOf(entry.bytes)})`
    })
    if (lines.length === 0) lines.push('There are no files yet.')
    if (cut || inside.length > listed) lines.push('[There are more than are listed: name a folder.]')
    if (withheld > 0) lines.push(`[${withheld} more are on the deny-list and are not shown.]`)
    return { output: lines.join('\n') }
  },
)

/** A part of a text with the numbers of its lines. */
function numbered(text: string, from: number, count: number): string {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const taken = lines.slice(from - 1, from - 1 + count)
  if (taken.length === 0) return lines.length === 0 ? '[The file is empty.]' : `[The file has ${lines.length} lines only.]`
  const shown = taken.map((line, at) => {
    const cut = line.length > longestLine ? `${line.slice(0, longestLine)} [line cut]` : line
    return `${String(from + at).padStart(6)}\t${cut}`
  })
  const left = lines.length - (from - 1 + taken.length)
  if (left > 0) shown.push(`[${left} more lines: read on from line ${from + taken.length}.]`)
  return shown.join('\n')
}

const readOne = tool(
  'read_file',
  'Reads a text file. Each line comes with its number and a tab before it, which are no part of the file.',
  z.object({
    path,
    from: z.number().int().min(1).optional().describe('The first line to read; 1 where it is left out.'),
    lines: z.number().int().min(1).max(linesAtOnce).optional().describe(`How many lines; ${linesAtOnce} at most.`),
  }),
  async (input, { spaceId, sessionId, denyPaths }) => {
    const file = await readFile(spaceId, sessionId, plainPath(input.path), { denyPaths })
    if (file.text !== null) return { output: numbered(file.text, input.from ?? 1, input.lines ?? linesAtOnce) }
    const why = file.bytes > fileLimits.textBytes ? 'It is too large to be read here.' : 'It is no text.'
    return { output: `${why} It has ${sizeOf(file.bytes)}.`, isError: true }
  },
)

const writeOne = tool(
  'write_file',
  'Writes a whole text file; folders are made as needed, and what was there before is replaced. Prefer edit_file for a part of a file.',
  z.object({ path, content: z.string().max(fileLimits.textBytes).describe('The whole content.') }),
  async (input, { spaceId, sessionId, denyPaths }) => {
    const at = plainPath(input.path)
    const { created } = await writeFile(spaceId, sessionId, { path: at, text: input.content, expected: 'anything' }, { denyPaths })
    return {
      output: `${created ? 'Made' : 'Replaced'} ${at} (${sizeOf(Buffer.byteLength(input.content))}).`,
      changed: [{ path: at, kind: created ? 'added' : 'changed' }],
    }
  },
)

const editOne = tool(
  'edit_file',
  'Replaces a passage of a text file. The old text must match exactly and stand in the file once, unless all places are meant.',
  z.object({
    path,
    old: z.string().min(1).max(200_000).describe('The text to replace, as it stands in the file, without numbers of lines.'),
    new: z.string().max(200_000).describe('What stands there instead.'),
    all: z.boolean().optional().describe('Replace it wherever it stands.'),
  }),
  async (input, { spaceId, sessionId, denyPaths }) => {
    const at = plainPath(input.path)
    const edit = { path: at, old: input.old, new: input.new, ...(input.all && { all: true }) }
    const { replaced } = await editFile(spaceId, sessionId, edit, { denyPaths })
    return { output: replaced === 1 ? `Changed ${at}.` : `Changed ${at} in ${replaced} places.`, changed: [{ path: at, kind: 'changed' }] }
  },
)

const deleteOne = tool('delete_file', 'Deletes one file.', z.object({ path }), async (input, { spaceId, sessionId, denyPaths }) => {
  const at = plainPath(input.path)
  await deleteFile(spaceId, sessionId, at, { denyPaths })
  return { output: `Deleted ${at}.`, changed: [{ path: at, kind: 'deleted' }] }
})

const searchAll = tool(
  'search_files',
  'Looks for a text in all text files, line by line, and gives the lines with their places.',
  z.object({
    pattern: z.string().min(1).max(500),
    regex: z.boolean().optional().describe('The pattern is a regular expression (JavaScript), not plain text.'),
    ignoreCase: z.boolean().optional(),
    glob: z.string().max(200).optional().describe('Only files whose path fits, as *.ts or src/**/*.css.'),
  }),
  async ({ pattern, regex, ignoreCase, glob }, { spaceId, sessionId, denyPaths }) => {
    const input = { pattern, ...(regex && { regex }), ...(ignoreCase && { ignoreCase }), ...(glob && { glob }) }
    const { hits, cut, files } = await searchFiles(spaceId, sessionId, input, { denyPaths })
    const lines = hits.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`)
    if (lines.length === 0) lines.push(`Nothing was found in ${files} files.`)
    if (cut) lines.push('[There may be more: the search was cut off.]')
    return { output: lines.join('\n') }
  },
)

/** What works on the files of a conversation. */
export const fileTools: readonly Tool[] = [listFiles, readOne, writeOne, editOne, deleteOne, searchAll]
