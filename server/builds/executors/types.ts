import type { Mount, SandboxLimits } from '@/server/core/sandbox.ts'

/** How a command ended. Only 'exited' has an exit code of its own; 'lost' means that it vanished and nobody here ended it. */
export const outcomes = ['exited', 'timeout', 'cancelled', 'output-limit', 'out-of-memory', 'disk-limit', 'lost'] as const
export type Outcome = (typeof outcomes)[number]

export interface RunSpec {
  /** Names the command on this machine; running a key again first ends what its former self left running. */
  key: string
  /** A folder of the host; /workspace inside a sandbox. The command starts there. */
  workspace: string
  readOnly?: boolean
  /** More of the host, in a sandbox only. */
  mounts?: Mount[]
  /** Paths below the workspace that the command must not see, as `.git`; in a sandbox only. */
  hidden?: string[]
  /** A script for the shell, which ends at its first failing command, or a program with its arguments. */
  command: string | readonly string[]
  /** The command's environment besides PATH, HOME and the like; nothing of the server's is added. */
  env?: Record<string, string>
  timeoutMs: number
  /** 'registry' reaches the configured package registry and nothing else. */
  network?: 'none' | 'registry'
  /** Standard output and error together; the command is ended beyond it. */
  outputLimitBytes?: number
  limits?: Partial<SandboxLimits>
  /** Whose package cache is used where the network is 'registry'; nothing of one name is reached by another. */
  cache?: string
  /** Hears of its process, and gives what is to be called at its end. */
  onStart?(pid: number | undefined): () => void
}

export interface RunResult {
  outcome: Outcome
  /** 128 + n where the command died of signal n; null where it did not end by itself. */
  exitCode: number | null
  durationMs: number
  /** One sentence where the outcome alone does not say it. */
  detail?: string
}

/** Gets output as it comes, both channels mixed; while a returned promise is pending the command is not read any further. */
export type OnOutput = (chunk: Buffer) => undefined | Promise<void>

/** Where commands run. Every function may be called again with the same arguments. */
export interface Executor {
  readonly name: 'sandbox' | 'process' | 'fake'
  /** Makes a build's folder, or takes the one that is there, and gives its path. */
  prepare(workspaceId: string): Promise<string>
  run(spec: RunSpec, onOutput: OnOutput, signal?: AbortSignal): Promise<RunResult>
  /** Ends what runs under a key, also what a former life of this server started; true where there was something. */
  cancel(key: string): Promise<boolean>
  /** Removes a build's folder and all it holds. */
  cleanUp(workspaceId: string): Promise<void>
  /** Whether this executor works on this machine, and otherwise why not, in a sentence. */
  trial(): Promise<{ ok: true } | { ok: false; reason: string }>
}

export const defaultOutputLimitBytes = 512 * 1024 * 1024
