import { randomUUID } from 'node:crypto'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { buildExecutors, chooseExecutor, type RunResult } from '@/server/builds/service.ts'
import { env } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { countHeld, diskRoom, filesChanged, holdFiles, measure, type Survey, survey, withheldPaths } from '@/server/files/service.ts'
import { outputLimit, type Tool, type ToolContext, type ToolResult } from './types.ts'

const input = z.object({
  command: z.string().min(1).max(20_000).describe('For /bin/sh. It starts in the folder of the conversation, which is /workspace.'),
  timeoutSeconds: z.number().int().min(1).max(600).optional().describe('It is ended after so long; 60 where it is left out.'),
})

/** It prints at most so much before it is ended; of that the beginning and the end are kept. */
const printedBytes = 8 * 1024 * 1024
const keptCharacters = outputLimit / 2 - 500
const hiddenMost = 300
const changedMost = 100
const quotaEveryMs = 1_500
const megabyte = 1024 ** 2

/** Keeps the beginning and the end of what is printed, however much it is. */
function keeper() {
  const decoder = new TextDecoder()
  let [head, tail, dropped] = ['', '', 0]
  return {
    take(chunk: Buffer): string {
      const text = decoder.decode(chunk, { stream: true })
      const room = keptCharacters - head.length
      head += text.slice(0, Math.max(0, room))
      tail += text.slice(Math.max(0, room))
      if (tail.length > keptCharacters * 2) {
        dropped += tail.length - keptCharacters
        tail = tail.slice(-keptCharacters)
      }
      return text
    },
    text(): string {
      const over = Math.max(0, tail.length - keptCharacters)
      const left = dropped + over
      return stripVTControlCharacters(left > 0 ? `${head}\n[${left} characters left out]\n${tail.slice(-keptCharacters)}` : head + tail)
    },
  }
}

/** For the model: what it started wrote too much. */
export const overQuota = 'It was ended: the files of this person’s conversations together would be more than their disk quota allows.'

/** How it ended, in words for the model. */
function endOf({ outcome, exitCode, detail }: RunResult, quota: boolean): string {
  if (quota) return overQuota
  if (outcome === 'exited') return `Exit code ${exitCode}.`
  const words = {
    timeout: 'It was ended: it ran out of time.',
    cancelled: 'It was ended before it was done.',
    'output-limit': 'It was ended: it printed too much.',
    'out-of-memory': 'It was ended: it took too much memory, or started too many processes.',
    'disk-limit': 'It was ended: it filled the disk.',
    lost: `It vanished. ${detail ?? ''}`.trim(),
  } as const
  return words[outcome]
}

/** Which files came, changed and went between two looks. */
export function changesOf(before: Survey, after: Survey): NonNullable<ToolResult['changed']> {
  const changed: NonNullable<ToolResult['changed']> = []
  const seen = (path: string) => !/(^|\/)(node_modules|\.git)\//.test(path)
  for (const [path, stamp] of after.stamps) {
    const was = before.stamps.get(path)
    if (was !== stamp && seen(path)) changed.push({ path, kind: was === undefined ? 'added' : 'changed' })
  }
  for (const path of before.stamps.keys()) if (!after.stamps.has(path) && seen(path)) changed.push({ path, kind: 'deleted' })
  return changed.slice(0, changedMost)
}

/** Looks now and then whether a command writes more than its person's quota has room for; gives the function that ends the looking. */
export function watchQuota(sessionId: string, most: number, over: () => void, everyMs: number = quotaEveryMs): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const look = async () => {
    const { bytes, tooMany } = await survey(sessionId)
    if (bytes > most || tooMany) over()
    else if (!ended) timer = setTimeout(() => void look().catch(() => undefined), everyMs)
  }
  timer = setTimeout(() => void look().catch(() => undefined), everyMs)
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

/** Says where a person's quota is used up by now; null where there is room. */
async function fullness({ spaceId, sessionId }: ToolContext): Promise<string | null> {
  await measure(sessionId)
  const { left } = await diskRoom(spaceId)
  return left > 0 ? null : 'The disk quota of this person is used up: nothing more can be written until some files are deleted.'
}

/** What a command may use; no file of it may be larger than what its person has left. */
const limitsWith = (left: number) => ({
  ...{ memoryMb: 1_024, processes: 256, openFiles: 1_024, tmpMb: 256 },
  fileMb: Math.max(1, Math.min(512, Math.floor(left / megabyte))),
})

async function runIn(context: ToolContext, { command, timeoutSeconds }: z.infer<typeof input>): Promise<ToolResult> {
  const { spaceId, sessionId, directory, denyPaths, signal } = context
  // What is typed here may be anybody's: that the demo model typed it makes it no code of ours.
  const choice = { demoModel: false, unsafeAllowed: env().MAESTRO_UNSAFE_EXECUTOR }
  const [executor, hidden, before, { left }] = await Promise.all([
    chooseExecutor(buildExecutors(), choice),
    withheldPaths(spaceId, sessionId, denyPaths),
    survey(sessionId),
    diskRoom(spaceId),
  ])
  if (before.tooMany)
    return { output: 'There are too many files in the folder: the person has to delete some folders first.', isError: true }
  if (hidden.length > hiddenMost)
    return { output: 'Too many files are on the deny-list to hide each of them from a command.', isError: true }
  const ending = new AbortController()
  let quota = false
  const stopWatching = watchQuota(sessionId, before.bytes + left, () => {
    quota = true
    ending.abort()
  })
  const kept = keeper()
  const spec = {
    key: `chat-${sessionId}-${randomUUID()}`,
    workspace: directory,
    hidden: hidden.map((path) => `/workspace/${path}`),
    command: ['/bin/sh', '-c', `exec 2>&1\n${command}`],
    timeoutMs: (timeoutSeconds ?? 60) * 1_000,
    outputLimitBytes: printedBytes,
    limits: limitsWith(left),
    onStart: (pid: number | undefined) => countHeld(spaceId, sessionId, pid),
  }
  const onOutput = (chunk: Buffer) => void context.print(stripVTControlCharacters(kept.take(chunk)))
  try {
    const result = await executor.run(spec, onOutput, AbortSignal.any([signal, ending.signal]))
    const said = kept.text().trimEnd()
    const changed = changesOf(before, await survey(sessionId))
    const isError = result.outcome !== 'exited' || result.exitCode !== 0
    return {
      output: [said, endOf(result, quota), await fullness(context)].filter(Boolean).join('\n'),
      ...(isError && { isError }),
      changed,
    }
  } finally {
    stopWatching()
    await measure(sessionId)
    filesChanged(sessionId)
  }
}

/** Runs a command in a sandbox of its own: no network, nothing of this machine but the conversation's folder. */
export const commandTool: Tool<typeof input> = {
  name: 'run_command',
  description:
    'Runs a shell command in the folder of the conversation and gives what it printed with its exit code. There is no network. Everything it started ends with it: what is to go on running belongs into the terminal.',
  input,
  async run(given, context) {
    const release = holdFiles(context.sessionId)
    try {
      return await runIn(context, given)
    } catch (error) {
      if (!isAppError(error) || error.code === 'INTERNAL') throw error
      return { output: `No command can run here. ${error.message}`, isError: true }
    } finally {
      release()
    }
  },
}
