import type { RunDescription } from '../schema.ts'
import type { SupervisorSpec } from '../supervision/types.ts'

/** The programs that run beside and inside each sandbox, as plain files. */
export interface Programs {
  supervisor: string
  forwarder: string
  /** Opens a terminal inside a sandbox. */
  terminal: string
  /** Serves a folder's pages inside a sandbox. */
  pages: string
}

/** What the caller decides about an app; places and programs are added here. */
export type AppToKeep = Pick<
  SupervisorSpec,
  'key' | 'release' | 'launcher' | 'command' | 'env' | 'sourceDir' | 'dataDir' | 'memoryMb' | 'spool' | 'restart'
>

/** An app under a supervisor, as far as its health goes. */
export interface Watched {
  controlSocket: string
  appSocket: string
  healthPath: string
}

/** What a trial is made of. */
export interface TrialInput {
  /** Names the trial in its data directory; one that is left over under the same key is ended first. */
  key: string
  /** The build whose code it runs. */
  buildId: string
  sourceDir: string
  run: RunDescription
  dataDir: string
  /** Ends the wait for an app that does not answer. */
  signal?: AbortSignal
}

/** An app that runs for a test, behind a Unix socket. */
export interface Trial {
  socketPath: string
  /** Ends the app and starts it again on the same data; resolves when it answers. @throws AppError UNAVAILABLE where it does not */
  restart(): Promise<void>
  /** The same on empty data. */
  reset(): Promise<void>
  stop(): Promise<void>
  /** Hears what the app says, from its start on as far as it is still kept (64 KB); returns the function that ends this. */
  onOutput(listener: (text: string) => void): () => void
}
