import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { ToolPart } from '@/server/chats/schema.ts'
import { registry } from '@/server/core/registry.ts'
import { type Survey, survey } from '@/server/files/service.ts'
import { readAnswer, usageAfter } from '../engines/answer.ts'
import type { EngineRun } from '../engines/types.ts'
import { deltasOf } from '../live/fold.ts'
import { shortened } from '../rules.ts'
import { changesOf } from '../tools/command.ts'
import { outputLimit } from '../tools/types.ts'
import type { Bridge } from './bridge.ts'
import { ourInput, ourName } from './names.ts'
import type { Said } from './types.ts'

type Event = RawMessageStreamEvent
type Block = Exclude<Extract<Said, { type: 'user' }>['message']['content'], string>[number]

/** Events that come one by one, to be read as a stream. */
function makeQueue() {
  const waiting: Event[] = []
  let wake: (() => void) | null = null
  let over = false
  return {
    push(event: Event | null) {
      if (event) waiting.push(event)
      else over = true
      wake?.()
    },
    async *read(): AsyncGenerator<Event> {
      for (;;) {
        const next = waiting.shift()
        if (next) yield next
        else if (over) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}

const placeOf = (run: EngineRun, callId: string) => run.parts.findLastIndex((part) => part.type === 'tool' && part.callId === callId)

/** The events with the tools' names in our words; a call's input follows in them once it is whole. */
async function* translated(run: EngineRun, events: AsyncIterable<Event>): AsyncGenerator<Event> {
  const calls = new Map<number, { id: string; name: string }>()
  for await (const event of events) {
    if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      const { content_block } = event
      calls.set(event.index, content_block)
      yield { ...event, content_block: { ...content_block, name: ourName(content_block.name) ?? content_block.name } }
      continue
    }
    yield event
    const call = event.type === 'content_block_stop' ? calls.get(event.index) : undefined
    const index = call ? placeOf(run, call.id) : -1
    const part = run.parts[index]
    if (call && part?.type === 'tool')
      run.emit({ type: 'patch', index, patch: { input: JSON.stringify(ourInput(call.name, parsed(part.input))) } })
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json || '{}')
  } catch {
    return {}
  }
}

function textOf({ content }: Block): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((one: { text?: unknown; type?: unknown }) => (typeof one?.text === 'string' ? one.text : `[${String(one?.type)}]`))
    .join('\n')
}

const settled: readonly ToolPart['state'][] = ['done', 'failed', 'denied', 'interrupted']
const lookMs = 20

/** Makes of the program's messages what happens in the answer. */
export async function makeTranslator(run: EngineRun, bridge: Bridge, told: () => void) {
  const clock = registry('clock')
  let before: Survey = await survey(run.sessionId)
  let open: { queue: ReturnType<typeof makeQueue>; begin: number; read: Promise<void> } | null = null
  let stop: string | null = null

  function begin(): void {
    // A message that begins while another is open takes the place of one that broke off.
    if (open) {
      open.queue.push(null)
      run.emit({ type: 'back', index: open.begin })
    }
    const queue = makeQueue()
    const turn = run.turnsDone
    const read = readAnswer(translated(run, queue.read()), turn, run, told).then((answered) => {
      if (answered.stop === null) return
      stop = answered.stop
      run.emit({ type: 'usage', ...usageAfter(run.usage, answered, run.config.model) })
    })
    open = { queue, begin: run.parts.length, read }
  }

  async function streamed(event: Event): Promise<void> {
    if (event.type === 'message_start') begin()
    open?.queue.push(event)
    if (event.type !== 'message_stop' || !open) return
    const { queue, read } = open
    open = null
    queue.push(null)
    await read
  }

  async function resulted(block: Block): Promise<void> {
    const index = await this_.placeOf(block.tool_use_id ?? '')
    const part = run.parts[index]
    if (part?.type !== 'tool' || settled.includes(part.state)) return
    const after = await survey(run.sessionId)
    const changed = ['run_command', 'write_file', 'edit_file', 'delete_file'].includes(part.tool) ? changesOf(before, after) : []
    before = after
    const state = block.is_error ? ('failed' as const) : ('done' as const)
    const durationMs = part.startedAt === undefined ? 0 : clock.now() - part.startedAt
    const patch = { output: '', state, durationMs, ...(changed.length > 0 ? { changed } : {}) }
    run.emit({ type: 'patch', index, patch }, ...deltasOf(index, 'output', shortened(textOf(block), outputLimit)))
    const sources = bridge.takeSources(index)
    if (sources?.length) run.emit({ type: 'part', index: run.parts.length, part: { type: 'sources', turn: part.turn, items: sources } })
  }

  const this_ = {
    /** Where the card of a call stands; it may be asked for before it is there. */
    async placeOf(callId: string): Promise<number> {
      for (let tries = 0; tries < 500; tries++) {
        const index = placeOf(run, callId)
        if (index >= 0) return index
        await clock.sleep(lookMs, run.signal)
      }
      return -1
    },
    /** Takes one message. What a helper of the program says among itself is not shown. */
    async take(said: Said): Promise<void> {
      if (said.type === 'result' || said.parent_tool_use_id) return
      if (said.type === 'stream_event') return streamed(said.event as unknown as Event)
      const { content } = said.message
      if (typeof content === 'string') return
      for (const block of content) if (block.type === 'tool_result') await resulted(block)
    },
    /** How the model's last answer ended. */
    stop: () => stop,
  }
  return this_
}
