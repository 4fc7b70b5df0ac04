/** How an app is kept: everything a supervisor needs, given by the server as one line of JSON on the standard input. Paths are absolute. */
export interface SupervisorSpec {
  /** What it keeps: `service:bookmarks`, `candidate:bookmarks`, `trial:…`. */
  key: string
  /** The deployment's number; 0 for what is no deployment. */
  release: number
  launcher: 'sandbox' | 'process'
  command: string[]
  env: Record<string, string>
  sourceDir: string
  dataDir: string
  memoryMb: number
  /** The directory bound into the sandbox, in which the forwarder opens `app.sock`. */
  socketDir: string
  controlSocket: string
  statePath: string
  /** Null for a trial: its output goes to the supervisor's own standard output. */
  spool: SpoolLimits | null
  /** `always` starts a dead app again; `never` leaves it dead, for candidates and trials. */
  restart: 'always' | 'never'
  /** Ends when its standard input ends, which is when the process that started it does. */
  attached: boolean
  forwarderPath: string
}

/** Output is kept in files of `fileBytes`, at most `files` of them; the oldest is dropped first. */
export interface SpoolLimits {
  dir: string
  fileBytes: number
  files: number
}

export type Phase = 'running' | 'waiting' | 'dead' | 'stopping'

/** What a supervisor answers to `GET /status`, and keeps in its state file. */
export interface SupervisorStatus {
  pid: number
  key: string
  release: number
  phase: Phase
  /** Times the app was started again after it died. */
  restarts: number
  lastExit: { code: number | null; signal: string | null; at: number } | null
  /** When the app now running was started; milliseconds since the epoch. */
  startedAt: number
  controlSocket: string
  /** The last lines the app wrote, for a reason in words. */
  tail: string[]
}

/** One run of the app: the process at the head of its tree. */
export interface AppProcess {
  stdout: NodeJS.ReadableStream
  stderr: NodeJS.ReadableStream
  /** Asks the forwarder to end the app; `drain` lets open connections finish first. */
  ask(what: 'stop' | 'drain'): void
  /** Ends the whole tree at once. */
  kill(): void
  exited: Promise<{ code: number | null; signal: string | null }>
}
