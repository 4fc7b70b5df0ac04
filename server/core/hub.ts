/**
 * Tells every process that shares the database that something changed. It carries hints, never content: a listener
 * reads what is stored after its own cursor. Delivery is at most once, so readers also read on (re)subscription.
 */
export interface Hub {
  /** `hint` is small JSON (under 4 KB). Local listeners hear it at once, other processes through PostgreSQL's NOTIFY. */
  publish(topic: string, hint: Record<string, unknown>): void
  /** Returns the function that ends the subscription. */
  subscribe(topic: string, listener: (hint: Record<string, unknown>) => void): () => void
  close(): Promise<void>
}

/** The topic of one stream's growth: hints `{nextSeq: number, closed: boolean}`. */
export const streamTopic = (streamId: string) => `stream:${streamId}`
/** The topic of a project's state (builds, stages, service, keys): hints `{kind: 'build' | 'service' | 'project' | 'keys', number?: number}`. */
export const projectTopic = (projectId: string) => `project:${projectId}`

/** The topic of a key ring: of a project, or of the platform (null). Whoever keeps opened keys forgets them. */
export const keysTopic = (scope: string | null) => `keys:${scope ?? 'platform'}`

/** The topic of one person's rights: whatever their sessions, tokens or roles may do has changed, so ask the gates again. */
export const personTopic = (userId: string) => `person:${userId}`

/** The topic of one person's workspace: hints `{kind: 'list' | 'approvals' | 'ended' | 'agents', sessionId?, state?}`. */
export const workspaceTopic = (userId: string) => `workspace:${userId}`
/** The topic of one conversation: hints `{kind: 'messages' | 'session' | 'files' | 'approvals' | 'preview' | 'run' | 'stop' | 'decided', runId?}`. */
export const chatTopic = (sessionId: string) => `chat:${sessionId}`
/** What runs for conversations in one process: hints `{kind, process, sessionId, …}`, or without a conversation the question what runs elsewhere. */
export const desksTopic = 'desks'
/** Heard by whoever takes up runs: hints `{runId}`. */
export const runsTopic = 'runs'

/**
 * Heard by every listener of a process whose link to the others was away for a while: whatever was said meanwhile is lost, so read again.
 * A publisher's hint that was too long for the wire arrives as this, too.
 */
export const resyncHint = { resync: true } as const
