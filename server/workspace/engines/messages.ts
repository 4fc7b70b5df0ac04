import { modelClient, type Notice } from '@/server/ai/service.ts'
import { attachmentBytes } from '@/server/chats/service.ts'
import { registry } from '@/server/core/registry.ts'
import { maxTurns, parametersOf } from '../rules.ts'
import { openTools } from '../tools/all.ts'
import { callTools } from '../tools/call.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { type Answered, nothingAnswered, readAnswer, usageAfter } from './answer.ts'
import { asRunStop, brokeOff } from './failures.ts'
import { canBeCut, messagesOf } from './history.ts'
import { systemPrompt } from './prompt.ts'
import { type Engine, type EngineRun, RunStop } from './types.ts'

/** How often a turn whose answer broke off is asked for again. */
const attempts = 3

/** What the way to the model tells becomes a countdown, or a notice in the answer. */
export function listenTo(run: EngineRun) {
  let waits = false
  const said = new Set<string>()
  const note = (notice: 'redacted' | 'withheld', values: Record<string, string | number>) => {
    // The whole conversation goes out with each turn: what was said once need not be said again.
    const key = JSON.stringify([notice, values])
    if (said.has(key)) return
    said.add(key)
    run.emit({ type: 'part', index: run.parts.length, part: { type: 'notice', turn: run.turnsDone, notice, values } })
  }
  return {
    notify(notice: Notice) {
      if (notice.kind === 'waiting') {
        waits = true
        const { status, waitMs, attempt } = notice
        run.emit({ type: 'wait', wait: { status, waitMs, attempt, at: registry('clock').now() } })
      } else if (notice.kind === 'redacted')
        note('redacted', {
          count: notice.redactions.reduce((sum, { count }) => sum + count, 0),
          rules: notice.redactions.map(({ rule }) => rule).join(', '),
        })
      else note('withheld', { count: notice.paths.length, paths: notice.paths.slice(0, 10).join(', ') })
    },
    goesOn() {
      if (waits) run.emit({ type: 'wait', wait: null })
      waits = false
    },
  }
}

/** Asks for one answer, again where it breaks off; what had come of it is taken back before. */
async function ask(run: EngineRun, toolbox: Toolbox, listener: ReturnType<typeof listenTo>): Promise<Answered> {
  const turn = run.turnsDone
  const { actorId, sessionId, spaceId, config } = run
  const client = modelClient(spaceId, { name: 'chat', actorId, sessionId, notify: listener.notify })
  const read = (id: string) => attachmentBytes(spaceId, id)
  let tooLong = false
  for (let attempt = 1; ; attempt++) {
    const begin = run.parts.length
    const answered = nothingAnswered()
    try {
      const tools = toolbox.definitions
      const stream = await client.messages.create(
        {
          ...parametersOf(config),
          system: [{ type: 'text', text: systemPrompt(run, toolbox), cache_control: { type: 'ephemeral' } }],
          messages: await messagesOf(run, read, tooLong),
          ...(tools.length > 0 ? { tools } : {}),
          stream: true,
        },
        { signal: run.signal },
      )
      await readAnswer(stream, turn, run, listener.goesOn, answered)
      // The SDK ends a stream that is given up as if it had come to its end.
      run.signal.throwIfAborted()
      if (answered.stop === null) throw new RunStop('interrupted')
      return answered
    } catch (error) {
      // What was read of an answer that a person stopped was answered all the same.
      if (run.isOver()) run.emit({ type: 'usage', ...usageAfter(run.usage, answered, config.model) })
      run.signal.throwIfAborted()
      listener.goesOn()
      const stop = asRunStop(error)
      const shorter: boolean = !tooLong && stop instanceof RunStop && stop.failure === 'tooLong' && canBeCut(run)
      tooLong ||= shorter
      const again = brokeOff(error) || (error instanceof RunStop && error.failure === 'interrupted')
      if (!shorter && (!again || attempt >= attempts)) throw stop
      run.emit({ type: 'back', index: begin })
    }
  }
}

/** Takes back what an earlier attempt left of a turn whose answer never became whole. */
function takeBackUnfinished(run: EngineRun): void {
  const index = run.parts.findIndex((part) => part.turn >= run.turnsDone && part.type !== 'notice')
  if (index >= 0) run.emit({ type: 'back', index })
}

/** What an answer's end means: whether another turn follows. */
function goesOn(run: EngineRun, { stop }: Answered): boolean {
  if (stop === 'tool_use' || stop === 'pause_turn') return true
  if (stop === 'refusal') throw new RunStop('refused')
  if (stop === 'model_context_window_exceeded') throw new RunStop('tooLong')
  if (stop === 'max_tokens')
    run.emit({ type: 'part', index: run.parts.length, part: { type: 'notice', turn: run.turnsDone, notice: 'cut', values: {} } })
  return false
}

async function turns(run: EngineRun, toolbox: Toolbox): Promise<void> {
  const listener = listenTo(run)
  // Calls of a turn whose answer is whole, but whose results are not, come first.
  let more = true
  if (run.turnsDone > 0) more = await callTools(run, toolbox, run.turnsDone - 1)
  takeBackUnfinished(run)
  while (more) {
    if (run.turnsDone >= maxTurns) {
      run.emit({
        type: 'part',
        index: run.parts.length,
        part: { type: 'notice', turn: run.turnsDone, notice: 'turns', values: { turns: maxTurns } },
      })
      return
    }
    await run.checkQuota()
    const turn = run.turnsDone
    const answered = await ask(run, toolbox, listener)
    run.emit({ type: 'usage', ...usageAfter(run.usage, answered, run.config.model) })
    more = goesOn(run, answered)
    if (answered.stop === 'tool_use') await callTools(run, toolbox, turn)
  }
}

/** The platform's own loop over the Messages API: ask, call tools, ask again. */
export const messagesEngine: Engine = {
  state: async () => ({ available: true, version: null, installBytes: null, installing: false }),
  async run(run) {
    const toolbox = await openTools(run)
    try {
      await turns(run, toolbox)
    } finally {
      await toolbox.close()
    }
  },
}
