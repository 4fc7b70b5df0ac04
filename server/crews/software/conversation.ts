import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { z } from 'zod'
import type { ModelClient } from '@/server/ai/service.ts'
import { StepFailure } from '@/server/builds/service.ts'
import type { TreeFile } from '@/server/worktrees/schema.ts'
import { deleteTreeFile, listVisibleFiles, type Reach, readTreeFile, ToolRefusal, writeTreeFile } from '@/server/worktrees/service.ts'
import type { Block, RolePart } from './types.ts'

/** Turns of a tool loop, after which the role is stopped. */
const maxTurns = 60

/** What a conversation reports while it goes on; lines are for the build's console. */
export interface Listener {
  log(line: string): void
  signal: AbortSignal
}

/** Writes blocks so that nothing inside one can close it: JSON in which `<` is escaped. */
export function writeBlocks(blocks: readonly Block[]): string {
  return blocks.map(([tag, value]) => `<${tag}>${JSON.stringify(value).replaceAll('<', '\\u003c')}</${tag}>`).join('\n\n')
}

/** Files as documents: each is its path and its text, and nothing in it can end it. */
const documentsOf = (files: readonly TreeFile[]) =>
  files.map(({ path, content }) => ({
    type: 'document' as const,
    title: path,
    source: { type: 'text' as const, media_type: 'text/plain' as const, data: content },
  }))

/**
 * Asks a role for a document and gives it parsed; `files` are what it is to read besides its blocks. An answer that does not fit the schema is sent back once with what is wrong.
 * @throws StepFailure where the second answer does not fit either; errors of the API as the SDK throws them
 */
export async function askForDocument<T extends z.ZodType>(
  client: ModelClient,
  part: RolePart,
  blocks: readonly Block[],
  schema: T,
  listener: Listener,
  files: readonly TreeFile[] = [],
): Promise<z.infer<T>> {
  let complaint = ''
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await client.messages.create(
      {
        model: part.model,
        max_tokens: part.maxTokens,
        system: part.system,
        messages: [{ role: 'user', content: [...documentsOf(files), { type: 'text', text: writeBlocks(blocks) + complaint }] }],
        output_config: { format: zodOutputFormat(schema) },
      },
      { signal: listener.signal },
    )
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    const parsed = schema.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    const problem = parsed.error.issues[0]
    complaint = `\n\nYour last answer did not fit the schema at ${problem?.path.join('.') || 'its root'}: ${problem?.message}. Answer again, whole.`
    listener.log(`The answer does not fit its schema: ${problem?.path.join('.')} ${problem?.message}`)
  }
  throw new StepFailure(`The ${part.role.replaceAll('-', ' ')} did not hand over a document that fits its schema.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function answered(listener: Listener, line: string, work: () => Promise<string>): Promise<string> {
  try {
    const answer = await work()
    listener.log(line)
    return answer
  } catch (error) {
    if (!(error instanceof ToolRefusal)) throw error
    listener.log(`refused: ${error.message}`)
    return `Refused: ${error.message}`
  }
}

/** Lists what a role may know of; the console says what was kept from it. */
async function listFor(tree: string, reach: Reach, listener: Listener): Promise<string> {
  const { shown, withheld } = await listVisibleFiles(tree, reach)
  if (withheld.length > 0) listener.log(`withheld, on the deny-list: ${withheld.join(', ')}`)
  return shown.join('\n')
}

/** The file tools of a role, confined to its own tree, to what it may write, and to paths that are not on the deny-list. */
function fileTools(tree: string, part: RolePart, denyPaths: readonly string[], listener: Listener) {
  const reach: Reach = { writes: part.writes, denyPaths }
  const path = z.string().describe('relative path with forward slashes')
  return [
    betaZodTool({
      name: 'list_files',
      description: 'Lists all files of your tree.',
      inputSchema: z.object({}),
      run: () => answered(listener, 'list files', () => listFor(tree, reach, listener)),
    }),
    betaZodTool({
      name: 'read_file',
      description: 'Reads one file of your tree.',
      inputSchema: z.object({ path }),
      run: (input) => answered(listener, `read ${input.path}`, () => readTreeFile(tree, input.path, reach)),
    }),
    betaZodTool({
      name: 'write_file',
      description: 'Writes one whole file of your tree; folders are made as needed.',
      inputSchema: z.object({ path, content: z.string() }),
      run: (input) =>
        answered(listener, `write ${input.path} (${Buffer.byteLength(input.content)} bytes)`, async () => {
          await writeTreeFile(tree, input, reach)
          return 'Written.'
        }),
    }),
    betaZodTool({
      name: 'delete_file',
      description: 'Removes one file of your tree.',
      inputSchema: z.object({ path }),
      run: (input) =>
        answered(listener, `delete ${input.path}`, async () => {
          await deleteTreeFile(tree, input.path, reach)
          return 'Removed.'
        }),
    }),
  ]
}

/**
 * Lets a role work on its tree until it ends its turn, or for 60 turns at most. Its words go to the console.
 * @param denyPaths the project's own patterns of paths that no model gets to see
 * @throws errors of the API as the SDK throws them
 */
export async function workOnTree(
  client: ModelClient,
  part: RolePart,
  blocks: readonly Block[],
  tree: string,
  denyPaths: readonly string[],
  listener: Listener,
): Promise<void> {
  const runner = client.beta.messages.toolRunner(
    {
      model: part.model,
      max_tokens: part.maxTokens,
      max_iterations: maxTurns,
      system: part.system,
      messages: [{ role: 'user', content: writeBlocks(blocks) }],
      tools: fileTools(tree, part, denyPaths, listener),
      thread: false,
    },
    { signal: listener.signal },
  )
  let turns = 0
  for await (const message of runner) {
    turns++
    for (const block of message.content) if (block.type === 'text' && block.text.trim()) listener.log(block.text.trim())
  }
  if (turns >= maxTurns) listener.log(`stopped after ${turns} turns`)
}
