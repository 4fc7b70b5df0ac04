import { buildExecutors, chooseExecutor } from '@/server/builds/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { diskRoom, filesChanged, holdFiles, measure, survey } from '@/server/files/service.ts'
import { models } from '@/server/models/schema.ts'
import { type Bridge, openBridge } from '../claude-code/bridge.ts'
import { type Gateway, openGateway } from '../claude-code/gateway.ts'
import { installedAt, installState, loadSdk } from '../claude-code/install.ts'
import { makeLauncher } from '../claude-code/launch.ts'
import { ourInput, ourName, toolsFor } from '../claude-code/names.ts'
import { instructionsFor, promptFor } from '../claude-code/prompt.ts'
import { makeTranslator } from '../claude-code/translate.ts'
import { type CanUseTool, inside, installBytes, pinnedVersion, type Said, saidSchema } from '../claude-code/types.ts'
import { maxTurns, permissionOf } from '../rules.ts'
import { watchQuota } from '../tools/command.ts'
import { asRunStop } from './failures.ts'
import { listenTo } from './messages.ts'
import { type Engine, type EngineRun, RunStop } from './types.ts'

type Translator = Awaited<ReturnType<typeof makeTranslator>>
type Launcher = Awaited<ReturnType<typeof makeLauncher>>
/** One run with all that was opened for it. */
interface Tied {
  run: EngineRun
  gateway: Gateway
  bridge: Bridge
  launcher: Launcher
  translator: Translator
}

const deniedWords = 'The person did not allow this call.'
const expiredWords = 'Nobody answered whether this call is allowed, so it was not made.'

/** The program asks before each call; whoever answers, answers as for every other engine. */
const permission =
  (run: EngineRun, translator: Translator): CanUseTool =>
  async (tool, input, { toolUseID }) => {
    const index = await translator.placeOf(toolUseID)
    const refused = await run.permit({
      callId: toolUseID,
      tool: ourName(tool) ?? tool,
      input: JSON.stringify(ourInput(tool, input)),
      index,
    })
    if (refused) {
      const message = refused === 'denied' ? deniedWords : expiredWords
      run.emit({ type: 'patch', index, patch: { state: 'denied', output: message } })
      return { behavior: 'deny', message }
    }
    run.emit({ type: 'patch', index, patch: { state: 'running', startedAt: registry('clock').now() } })
    // From here on it may have done something: whoever takes the run up after this process must know.
    await run.flush()
    return { behavior: 'allow', updatedInput: input }
  }

/** Whatever its own rules say of a tool: it asks. */
const asksAlways = async () => ({ hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'ask' } })

function thinkingOf({ config }: EngineRun): object {
  if (config.thinking === 'on' && models[config.model].thinking === 'adaptive') return { type: 'adaptive' }
  if (typeof config.thinking === 'number' && models[config.model].thinking === 'budget')
    return { type: 'enabled', budgetTokens: config.thinking }
  return { type: 'disabled' }
}

function optionsFor({ run, bridge, launcher, translator }: Tied): Record<string, unknown> {
  const { config } = run
  const tools = toolsFor((tool) => permissionOf(config, tool) !== 'denied')
  return {
    model: config.model,
    cwd: inside.folder,
    env: { CLAUDE_AGENT_SDK_CLIENT_APP: 'maestro' },
    tools,
    disallowedTools: ['WebFetch', 'WebSearch', 'Task', 'Agent'],
    settingSources: [],
    strictMcpConfig: true,
    mcpServers: bridge.servers,
    mcpServersDelivery: 'initialize',
    persistSession: false,
    includePartialMessages: true,
    permissionMode: 'default',
    maxTurns: Math.max(1, maxTurns - run.turnsDone),
    thinking: thinkingOf(run),
    ...(config.effort ? { effort: config.effort } : {}),
    systemPrompt: { type: 'preset', preset: 'claude_code', append: instructionsFor(run, bridge.names) },
    canUseTool: permission(run, translator),
    hooks: { PreToolUse: [{ hooks: [asksAlways] }] },
    spawnClaudeCodeProcess: launcher.spawn,
    stderr: () => undefined,
  }
}

/** One question, after which the program is to stay until it has answered. */
async function* asking(content: object[], over: Promise<void>): AsyncGenerator<object> {
  yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null }
  await over
}

/** What the program's last message says of the run. It ends with `success` even where the model could not be asked. */
function conclude(run: EngineRun, result: Extract<Said, { type: 'result' }>, gateway: Gateway, stop: string | null): void {
  const turn = Math.max(0, run.turnsDone - 1)
  if (result.subtype === 'error_max_turns') {
    run.emit({ type: 'part', index: run.parts.length, part: { type: 'notice', turn, notice: 'turns', values: { turns: maxTurns } } })
    return
  }
  if (!result.is_error) {
    if (stop === 'refusal') throw new RunStop('refused')
    if (stop === 'max_tokens')
      run.emit({ type: 'part', index: run.parts.length, part: { type: 'notice', turn, notice: 'cut', values: {} } })
    return
  }
  const failure = asRunStop(gateway.failure())
  if (failure instanceof RunStop) throw failure
  throw new RunStop(stop === 'refusal' ? 'refused' : 'unreachable', (result.result ?? result.errors?.join(' ') ?? '').slice(0, 500) || null)
}

async function answer(tied: Tied): Promise<void> {
  const { run, gateway, launcher, translator } = tied
  const [{ query }, content] = await Promise.all([loadSdk(), promptFor(run)])
  let done = () => {}
  const over = new Promise<void>((resolve) => {
    done = resolve
  })
  let result: Extract<Said, { type: 'result' }> | null = null
  try {
    for await (const message of query({ prompt: asking(content, over), options: optionsFor(tied) })) {
      run.signal.throwIfAborted()
      const { data: said } = saidSchema.safeParse(message)
      if (said?.type === 'result') {
        result = said
        break
      }
      if (said) await translator.take(said)
    }
  } catch (err) {
    run.signal.throwIfAborted()
    const failure = asRunStop(gateway.failure())
    if (failure instanceof RunStop) throw failure
    logger.warn({ err, runId: run.runId, said: launcher.complaints() }, 'Claude Code ended')
    throw new RunStop('interrupted')
  } finally {
    done()
  }
  run.signal.throwIfAborted()
  if (!result) throw new RunStop('interrupted')
  conclude(run, result, gateway, translator.stop())
}

/** Calls that were under way when an earlier process ended are not made again, and a turn that was not whole is taken back. */
function takeUp(run: EngineRun): void {
  for (const [index, part] of run.parts.entries())
    if (part.type === 'tool' && ['writing', 'waiting', 'running'].includes(part.state))
      run.emit({ type: 'patch', index, patch: { state: 'interrupted' } })
  const unfinished = run.parts.findIndex((part) => part.turn >= run.turnsDone && part.type !== 'notice')
  if (unfinished >= 0) run.emit({ type: 'back', index: unfinished })
}

async function drive(run: EngineRun): Promise<void> {
  const listener = listenTo(run)
  takeUp(run)
  const gateway = await openGateway(run, listener.notify, listener.goesOn)
  const bridge = await openBridge(run)
  const launcher = await makeLauncher(run, gateway)
  run.signal.addEventListener('abort', launcher.end, { once: true })
  const [{ bytes }, { left }] = await Promise.all([survey(run.sessionId), diskRoom(run.spaceId)])
  let full = false
  const stopWatching = watchQuota(run.sessionId, bytes + left, () => {
    full = true
    launcher.end()
  })
  try {
    await answer({ run, gateway, bridge, launcher, translator: await makeTranslator(run, bridge, listener.goesOn) })
  } catch (error) {
    throw full ? new RunStop('quota') : error
  } finally {
    stopWatching()
    run.signal.removeEventListener('abort', launcher.end)
    launcher.end()
    await bridge.close()
    await gateway.close()
  }
}

async function hasSandbox(): Promise<boolean> {
  try {
    return (await chooseExecutor(buildExecutors(), { demoModel: false, unsafeAllowed: false })).name === 'sandbox'
  } catch (error) {
    if (isAppError(error)) return false
    throw error
  }
}

/** The real Claude Code in a sandbox without network; it reaches the model through a socket of this run's alone. */
export const claudeCodeEngine: Engine = {
  async state() {
    const { installing } = await installState()
    return { available: installedAt() !== null && (await hasSandbox()), version: pinnedVersion, installBytes, installing }
  },
  async run(run) {
    const release = holdFiles(run.sessionId)
    try {
      await drive(run)
    } finally {
      release()
      await measure(run.sessionId)
      filesChanged(run.sessionId)
    }
  },
}
