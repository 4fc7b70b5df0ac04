import type { ChatMessage } from '@/server/chats/schema.ts'
import type { ChatFrame, RunEvent } from '@/server/workspace/schema.ts'
import { applyFrame, type LiveMessage, liveMessage, mergeLatest, newRun, type RunFold } from './chat-fold.ts'
import { isHopeless, waitAfter } from './patience.ts'

export type ChangeKind = 'messages' | 'session' | 'files' | 'approvals' | 'preview'

export interface ChatListener {
  /** Subscribed, for the first time or again; everything that happens from now on will be told. */
  opened(): void
  frame(frame: ChatFrame): void
  changed(kind: ChangeKind): void
  offline(): void
  failed(error: { code: string; message: string }): void
}

export interface MessagesPage {
  items: ChatMessage[]
  next: string | null
  total: number
}

/** What a store needs of the server; the hook gives sockets and tRPC, tests give what they like. */
export interface ChatSource {
  open(listener: ChatListener): () => void
  messages(input: { before?: string }): Promise<MessagesPage>
  events(input: { runId: string; after: number }): Promise<{ from: number; events: RunEvent[]; over: boolean }>
}

export interface ChatView {
  state: 'connecting' | 'live' | 'offline' | 'failed'
  error: { code: string; message: string } | null
  messages: readonly LiveMessage[]
  total: number
  hasOlder: boolean
  loadingOlder: boolean
}

interface Options {
  initial: MessagesPage
  toError: (error: unknown) => { code: string; message: string }
  /** Hears of changes that are none of a message's: of the session, of what waits for a word. A title may come along. */
  heard?: (kind: ChangeKind, title?: string) => void
  /** When to show what came in: once a frame in a browser. */
  soon?: (show: () => void) => void
  wait?: (ms: number) => Promise<void>
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * One conversation, kept up to date while somebody subscribes: it is opened first, then read, and events that came twice are dropped; a gap is read by its
 * number. After every connection all of this is done again.
 */
export function makeChatStore(source: ChatSource, options: Options) {
  const { toError, heard = () => undefined, soon = (show) => show(), wait = pause } = options
  const [listeners, busy] = [new Set<() => void>(), new Set<string>()]
  const runs = new Map<string, RunFold>()
  let page = options.initial
  let { state, error }: Pick<ChatView, 'state' | 'error'> = { state: 'connecting', error: null }
  let loadingOlder = false
  let close: (() => void) | null = null
  let shown = false
  let reading: Promise<void> | null = null
  let readAgain = false
  let view = picture()

  function picture(): ChatView {
    const messages = page.items.map((message) => liveMessage(message, runs.get(message.runId ?? '')))
    return { state, error, messages, total: page.total, hasOlder: page.next !== null, loadingOlder }
  }

  function show(): void {
    shown = false
    view = picture()
    for (const listener of [...listeners]) listener()
  }
  function showSoon(): void {
    if (shown) return
    shown = true
    soon(show)
  }

  function onFailure(cause: unknown): boolean {
    const told = toError(cause)
    if (!isHopeless(told.code)) return false
    state = 'failed'
    error = told
    show()
    return true
  }

  /** Asks until there is an answer, or nobody listens any more, or it is refused. */
  async function persist<T>(ask: () => Promise<T>): Promise<T | null> {
    for (let failures = 0; close && state !== 'failed'; failures++) {
      try {
        return await ask()
      } catch (cause) {
        if (onFailure(cause)) return null
        await wait(waitAfter(failures))
      }
    }
    return null
  }

  /** Reads the end of the shown branch; asked for meanwhile, once more afterwards. */
  function refresh(): Promise<void> {
    if (reading) {
      readAgain = true
      return reading
    }
    reading = (async () => {
      do {
        readAgain = false
        const latest = await persist(() => source.messages({}))
        if (latest) take(latest)
      } while (readAgain && close)
      reading = null
    })()
    return reading
  }

  function take(latest: MessagesPage): void {
    const { items, joined } = mergeLatest(page.items, latest.items)
    page = { items, total: latest.total, next: joined ? page.next : latest.next }
    for (const { state: stored, runId } of items) if (stored !== 'open' && runId) runs.delete(runId)
    for (const { id, state: stored, runId } of items) {
      if (stored !== 'open' || !runId) continue
      const run = runs.get(runId) ?? newRun(runId, id)
      runs.set(runId, run)
      if (!run.whole) void catchUp(run)
    }
    show()
  }

  /** Reads a run's events after the last one that is known, until there are no more. */
  async function catchUp(run: RunFold): Promise<void> {
    if (busy.has(run.runId)) return
    busy.add(run.runId)
    do {
      const told = await persist(() => source.events({ runId: run.runId, after: run.last }))
      if (!told) break
      if (told.events.length === 0) {
        if (run.last >= run.known) run.whole = run.ready = true
        else await wait(waitAfter(0))
      } else hear(run, told)
    } while (!run.whole || run.last < run.known)
    busy.delete(run.runId)
    run.changes++
    showSoon()
  }

  function hear(run: RunFold, frame: Pick<ChatFrame, 'from' | 'events'>): void {
    for (const event of applyFrame(run, frame)) {
      if (event.type === 'title') heard('session', event.title)
      if (event.type === 'state' && run.over) void refresh()
    }
    showSoon()
  }

  const listener: ChatListener = {
    opened() {
      state = 'live'
      error = null
      // What happened while nobody listened is read by its number, also of runs whose frames would seem to follow.
      for (const run of runs.values()) run.whole = false
      show()
      void refresh()
      heard('session')
      heard('approvals')
    },
    frame(frame) {
      const message = page.items.find(({ id }) => id === frame.messageId)
      // A finished message is stored whole.
      if (message && message.state !== 'open') return
      let run = runs.get(frame.runId)
      if (!run) {
        run = newRun(frame.runId, frame.messageId)
        runs.set(frame.runId, run)
        if (!message) void refresh()
      }
      hear(run, frame)
      if (run.last < run.known) void catchUp(run)
      else if (frame.from === 1) run.whole = run.ready = true
    },
    changed(kind) {
      if (kind === 'messages') void refresh()
      heard(kind)
    },
    offline() {
      if (state !== 'live') return
      state = 'offline'
      show()
    },
    failed(told) {
      state = 'failed'
      error = told
      show()
    },
  }

  return {
    subscribe(onChange: () => void): () => void {
      listeners.add(onChange)
      close ??= source.open(listener)
      return () => {
        listeners.delete(onChange)
        if (listeners.size > 0) return
        close?.()
        close = null
      }
    },
    getSnapshot: (): ChatView => view,
    refresh,
    /** Loads the messages before the first one that is loaded. */
    async older(): Promise<void> {
      const before = page.next
      if (!before || loadingOlder) return
      loadingOlder = true
      show()
      const told = await persist(() => source.messages({ before }))
      loadingOlder = false
      if (told && page.next === before) page = { items: [...told.items, ...page.items], next: told.next, total: told.total }
      show()
    },
  }
}
export type ChatStore = ReturnType<typeof makeChatStore>
