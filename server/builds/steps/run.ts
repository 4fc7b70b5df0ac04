import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { sealWords } from '@/server/vault/service.ts'
import { beginStep, endStep } from '../data.ts'
import { buildExecutors } from '../executors/choose.ts'
import type { RunResult } from '../executors/types.ts'
import type { BegunStep } from '../queries/types.ts'
import { formatDuration, stepContext } from '../rules.ts'
import type { BuildStatus } from '../schema.ts'
import { watchAbort } from './abort.ts'
import { openConsole, type StepConsole } from './console.ts'
import { BuildEnded, type StepCommand, type StepContext, StepFailure } from './types.ts'

export interface StepName {
  stageKey: string
  /** Unique in its stage; the same key means the same step, done again. */
  key: string
  name: string
  /** False where the commands speak for themselves in the console. */
  announce?: boolean
}

const dim = (text: string) => `\u001b[2m${text}\u001b[0m`
const red = (text: string) => `\u001b[31m${text}\u001b[0m`

/** How a command ended, in words; null where it ended well. */
export function describeEnd({ outcome, exitCode, detail }: RunResult): string | null {
  if (outcome === 'exited') return exitCode === 0 ? null : `The command ended with exit code ${exitCode}.`
  const words = {
    timeout: 'The command ran out of time.',
    cancelled: 'The command was ended.',
    'output-limit': 'The command printed too much.',
    'out-of-memory': 'The command ran out of memory.',
    'disk-limit': 'The command filled the disk.',
    lost: 'The command vanished.',
  } as const
  return detail ? `${words[outcome]} ${detail}` : words[outcome]
}

const titleOf = ({ title, command }: StepCommand) => title ?? (typeof command === 'string' ? command : command.join(' '))

interface Place {
  projectId: ProjectId
  buildId: string
  key: string
  begun: BegunStep
  console: StepConsole
  abort: ReturnType<typeof watchAbort>
}

function contextOf({ projectId, buildId, key, begun, console, abort }: Place, ended: (result: RunResult) => void): StepContext {
  const executor = buildExecutors()[begun.executor]
  let folder: Promise<string> | undefined
  const workspace = () => {
    folder ??= executor.prepare(buildId)
    return folder
  }
  const take = (chunk: Buffer) => {
    const busy = console.bytes(chunk)
    // Output that cannot be stored must not be lost in silence: the step breaks.
    return busy?.catch((cause) => abort.abort(new Error('The console could not be stored.', { cause })))
  }
  async function run({ title: _, hear, ...command }: StepCommand): Promise<RunResult> {
    abort.signal.throwIfAborted()
    const at = command.workspace ?? (await workspace())
    const onOutput = (chunk: Buffer) => {
      hear?.(chunk)
      return take(chunk)
    }
    const result = await executor.run({ ...command, key, workspace: at, cache: projectId }, onOutput, abort.signal)
    ended(result)
    if (abort.signal.aborted) throw abort.signal.reason
    const words = describeEnd(result)
    if (words) console.line(red(words))
    return result
  }
  const fail = (reason: string): never => {
    throw new StepFailure(reason)
  }
  const announced = (command: StepCommand) => {
    console.line(titleOf(command).replace(/^/gm, '+ '))
    return run(command)
  }
  return {
    attempt: begun.attempt,
    signal: abort.signal,
    log: (text) => console.line(text),
    workspace,
    fail,
    run: announced,
    async runOrFail(command) {
      const result = await announced(command)
      return result.outcome === 'exited' && result.exitCode === 0 ? result : fail(describeEnd(result) ?? '')
    },
  }
}

function verdictOn(error: unknown): { status: BuildStatus; reason: string } {
  if (error instanceof BuildEnded) return { status: 'ABORTED', reason: error.message }
  if (error instanceof StepFailure) return { status: 'FAILURE', reason: error.message }
  return { status: 'FAILURE', reason: 'The step broke. It was recorded.' }
}

/**
 * Runs one step of a build and records how it ended. A key that has run before first ends what its former self left running.
 * Returns what `body` returns, and throws what it throws after it is recorded: `StepFailure` for a red step, anything else for
 * a broken one.
 * @throws BuildEnded where the build is over or is being aborted, before or meanwhile
 */
export async function runStep<T>(
  projectId: ProjectId,
  buildId: string,
  step: StepName,
  body: (context: StepContext) => Promise<T>,
): Promise<T> {
  const now = () => registry('clock').now()
  const startedAt = now()
  const begun = await beginStep(projectId, buildId, { ...step, at: new Date(startedAt) })
  if (!begun) throw new BuildEnded('The build is over.')
  const key = `${buildId}/${step.stageKey}/${step.key}`
  if (begun.attempt > 1) await buildExecutors()[begun.executor].cancel(key)
  const console = openConsole(projectId, begun.streamId, step.stageKey)
  const abort = watchAbort(projectId, buildId)
  let exitCode: number | null = null
  const finish = async (status: BuildStatus, reason: string | null) => {
    const reasonSealed = await sealWords(projectId, stepContext(begun.id), reason)
    const own = await endStep(projectId, begun, { status, exitCode, reasonSealed, at: new Date(now()) })
    // A later attempt or an abort has the say now; nothing that this one found out may count.
    if (!own) throw new BuildEnded('This attempt was overtaken.')
    const time = formatDuration(now() - startedAt)
    console.line(dim(`${status === 'SUCCESS' ? '' : `${status}: ${reason} `}(${step.name}, ${time})`))
  }
  try {
    if (begun.attempt > 1) console.line(dim(`${step.name}: begun again (${begun.attempt})`))
    else if (step.announce ?? true) console.line(`+ ${step.name}`)
    const context = contextOf({ projectId, buildId, key, begun, console, abort }, (result) => {
      exitCode = result.exitCode
    })
    const value = await body(context)
    await finish('SUCCESS', null)
    return value
  } catch (thrown) {
    const error = abort.signal.aborted ? abort.signal.reason : thrown
    const { status, reason } = verdictOn(error)
    if (!(error instanceof BuildEnded || error instanceof StepFailure))
      logger.error({ err: error, buildId, step: step.key }, 'a step broke')
    await finish(status, reason)
    throw error
  } finally {
    abort.stop()
    console.release()
  }
}
