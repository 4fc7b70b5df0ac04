/** A run that is at work in this process: what it has said so far can be read before it is stored. */
export interface LiveSource {
  /** Events after a number, oldest first, with the number of the first; null where that long ago is kept no more. */
  after(number: number): { from: number; events: unknown[] } | null
}

/**
 * What runs of this process say, the moment they say it. It is a short cut for watchers of the same process: everything also goes into a
 * stream, and whoever missed something reads it there.
 */
export interface Live {
  /** Hears every frame of a conversation. Returns what ends the subscription. */
  subscribe(sessionId: string, listener: (frame: unknown) => void): () => void
  publish(sessionId: string, frame: unknown): void
  /** Makes a run known while it is at work. Returns what takes it back. */
  hold(runId: string, source: LiveSource): () => void
  source(runId: string): LiveSource | undefined
}

export function makeLive(): Live {
  const listeners = new Map<string, Set<(frame: unknown) => void>>()
  const sources = new Map<string, LiveSource>()
  return {
    subscribe(sessionId, listener) {
      const heard = listeners.get(sessionId) ?? new Set()
      listeners.set(sessionId, heard.add(listener))
      return () => {
        heard.delete(listener)
        if (heard.size === 0 && listeners.get(sessionId) === heard) listeners.delete(sessionId)
      }
    },
    publish(sessionId, frame) {
      for (const listener of listeners.get(sessionId) ?? []) listener(frame)
    },
    hold(runId, source) {
      sources.set(runId, source)
      return () => {
        if (sources.get(runId) === source) sources.delete(runId)
      }
    },
    source: (runId) => sources.get(runId),
  }
}
