import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { fakeExecutor } from './fake.ts'
import { processExecutor } from './process.ts'
import { sandboxExecutor } from './sandbox.ts'
import type { Executor } from './types.ts'

export interface ChoiceConditions {
  /** What a definition asks for. */
  wanted?: Executor['name'] | undefined
  /** The code to run comes from the demo model alone, which is ours. */
  demoModel: boolean
  /** `MAESTRO_UNSAFE_EXECUTOR=1`. */
  unsafeAllowed: boolean
}

export type Executors = Record<Executor['name'], Executor>

/** The three executors of one data directory. */
export function makeExecutors(dataDir: string): Executors {
  return { sandbox: sandboxExecutor(dataDir), process: processExecutor(dataDir), fake: fakeExecutor(dataDir) }
}

const made = new Map<string, Executors>()

/** The executors of this process's data directory. */
export function buildExecutors(): Executors {
  const dataDir = env().MAESTRO_DATA_DIR
  const known = made.get(dataDir) ?? makeExecutors(dataDir)
  made.set(dataDir, known)
  return known
}

/** A machine on which the sandbox worked keeps it; one on which it did not is asked again, since somebody may have installed it. */
const worked = new WeakSet<Executor>()

/**
 * Chooses where a build's commands run: the sandbox where a trial run works, plain processes only for code that is ours or
 * where the operator took the risk on himself.
 * @throws AppError UNAVAILABLE or FORBIDDEN with the reason, in words for a person
 */
export async function chooseExecutor(executors: Executors, { wanted, demoModel, unsafeAllowed }: ChoiceConditions): Promise<Executor> {
  const processAllowed = demoModel || unsafeAllowed
  if (wanted === 'process' || wanted === 'fake') {
    // What is only pretended turns nobody's build green, unless the operator wants to see that.
    if (wanted === 'fake' ? unsafeAllowed : processAllowed) return executors[wanted]
    throw new AppError('FORBIDDEN', 'This definition asks to run outside the sandbox, which this server does not allow.', 'executor')
  }
  if (worked.has(executors.sandbox)) return executors.sandbox
  const trial = await executors.sandbox.trial()
  if (trial.ok) {
    worked.add(executors.sandbox)
    return executors.sandbox
  }
  if (processAllowed && wanted !== 'sandbox') return executors.process
  throw new AppError(
    'UNAVAILABLE',
    `Builds need a sandbox, and ${trial.reason}. Install bubblewrap, or set MAESTRO_UNSAFE_EXECUTOR=1 to run builds without one at your own risk.`,
  )
}
