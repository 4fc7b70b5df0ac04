import type { ToolPart } from '@/server/chats/schema.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import type { EngineRun } from '../engines/types.ts'
import { deltasOf } from '../live/fold.ts'
import { shortened } from '../rules.ts'
import type { Toolbox } from './toolbox.ts'
import { outputLimit, type ToolContext, type ToolResult } from './types.ts'

const overWords = 'The server was started anew while this ran: it may have done a part of its work.'
const deniedWords = 'The person did not allow this call.'
const expiredWords = 'Nobody answered whether this call is allowed, so it was not made.'
/** So much of what a tool prints while it works is shown before its result is there. */
const shownWhileWorking = 8_000

const isPending = (part: ToolPart) => part.state === 'writing' || part.state === 'waiting' || part.state === 'running'

function parsed(input: string): unknown {
  try {
    return input.trim() ? JSON.parse(input) : {}
  } catch {
    return undefined
  }
}

/** Where and for whom a call of a run works; what it prints shows in its card. */
export function contextOf(run: EngineRun, index: number): ToolContext {
  let shown = 0
  const { actorId, spaceId, sessionId, runId, agentId, config, directory, denyPaths, signal } = run
  const cited = run.parts.reduce((sum, part) => sum + (part.type === 'sources' ? part.items.length : 0), 0)
  return {
    ...{ actorId, spaceId, sessionId, runId, agentId, config, directory, denyPaths, signal, cited },
    print(text) {
      const piece = text.slice(0, Math.max(0, shownWhileWorking - shown))
      shown += piece.length
      if (piece) run.emit(...deltasOf(index, 'output', piece))
    },
  }
}

async function attempt(run: EngineRun, toolbox: Toolbox, part: ToolPart, index: number): Promise<ToolResult> {
  const input = parsed(part.input)
  if (input === undefined) return { output: 'The input of this call is no JSON.', isError: true }
  try {
    return await toolbox.call(part.tool, input, contextOf(run, index))
  } catch (err) {
    run.signal.throwIfAborted()
    logger.error({ err, tool: part.tool }, 'a tool failed')
    return { output: 'The tool failed for a reason of its own.', isError: true }
  }
}

function finish(run: EngineRun, index: number, state: ToolPart['state'], output: string, more: Partial<ToolPart> = {}): void {
  // What was shown while it worked gives way to the result.
  run.emit({ type: 'patch', index, patch: { output: '', state, ...more } }, ...deltasOf(index, 'output', shortened(output, outputLimit)))
}

async function work(run: EngineRun, toolbox: Toolbox, part: ToolPart, index: number): Promise<void> {
  const clock = registry('clock')
  const startedAt = clock.now()
  run.emit({ type: 'patch', index, patch: { state: 'running', startedAt } })
  // From here on it may have done something: whoever takes the run up after this process must know.
  await run.flush()
  const result = await attempt(run, toolbox, part, index)
  run.signal.throwIfAborted()
  const { changed, sources } = result
  const durationMs = clock.now() - startedAt
  finish(run, index, result.isError ? 'failed' : 'done', result.output, { durationMs, ...(changed?.length ? { changed } : {}) })
  if (sources?.length) run.emit({ type: 'part', index: run.parts.length, part: { type: 'sources', turn: part.turn, items: sources } })
}

/**
 * Makes the calls of a turn that have no result yet: asks for all that need a person's word at once, and works one after the other. A call
 * that was at work when an earlier process ended is not made again.
 * @returns whether there were any calls in that turn, so that the model has to hear of results
 */
export async function callTools(run: EngineRun, toolbox: Toolbox, turn: number): Promise<boolean> {
  const calls = run.parts.flatMap((part, index) => (part.type === 'tool' && part.turn === turn ? [{ part, index }] : []))
  let before = Promise.resolve()
  const one = async ({ part, index }: (typeof calls)[number]) => {
    if (part.state === 'running') return finish(run, index, 'interrupted', `${part.output}\n${overWords}`.trim())
    const refused = await run.permit({ callId: part.callId, tool: part.tool, input: part.input, index })
    if (refused) return finish(run, index, 'denied', refused === 'denied' ? deniedWords : expiredWords)
    const mine = before.then(() => work(run, toolbox, part, index))
    before = mine.catch(() => undefined)
    await mine
  }
  const results = await Promise.allSettled(calls.filter(({ part }) => isPending(part)).map(one))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return calls.length > 0
}
