import type { RunResult, RunSpec } from '../executors/types.ts'

/** A command of a step. Its workspace is the build's own folder unless another is named. */
export interface StepCommand extends Omit<RunSpec, 'key' | 'workspace' | 'cache'> {
  workspace?: string
  /** What the console shows before it runs; the script itself, or the program with its arguments, where it is not given. */
  title?: string
  /** Hears the output besides the console. */
  hear?: (chunk: Buffer) => void
}

/** What the body of a step works with. */
export interface StepContext {
  /** 1 the first time; more where the step is done again. */
  attempt: number
  /** Fires when somebody ends the build; long work that is no command should heed it. */
  signal: AbortSignal
  /** Writes to the step's console: one line or several. */
  log(text: string): void
  /** Runs a command where the build's commands run, its output in the console. Any way it ends is a result, not an error. */
  run(command: StepCommand): Promise<RunResult>
  /** Like `run`, but fails the step unless the command exits with 0. */
  runOrFail(command: StepCommand): Promise<RunResult>
  /** Ends the step as a failure, with a sentence for people. */
  fail(reason: string): never
  /** The build's own folder, made when it is first asked for. */
  workspace(): Promise<string>
}

/** A step that ended red, as against one that broke. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
}

/** The build was ended by somebody while the step ran, or before it began; nothing of it may go on. */
export class BuildEnded extends Error {
  override readonly name = 'BuildEnded'
}
