import { mcpBounds, mcpProblem } from './types.ts'

/** Counts what a server says, so that none keeps this process busy: of one call, of one stretch of time, and in all. */
export interface Meter {
  /** A call begins: what may be said in one is counted anew. */
  call(): void
  bytes(count: number): void
  message(): void
  /** Something is asked of a server over HTTP, by us or because it wants us to. */
  request(): void
  /** Fires, with the reason in words, when it said more than it may: whatever it still says then is nobody's. */
  readonly signal: AbortSignal
}

/** So many at once, and so many a second from then on. */
function bucket({ atOnce, perSecond }: { atOnce: number; perSecond: number }, now: () => number) {
  let [left, at] = [atOnce, now()]
  return (): boolean => {
    left = Math.min(atOnce, left + ((now() - at) / 1_000) * perSecond)
    at = now()
    return --left >= 0
  }
}

/** Begins to count for one connection. */
export function makeMeter(now: () => number = () => performance.now()): Meter {
  const [mayTell, mayAsk] = [bucket(mcpBounds.messages, now), bucket(mcpBounds.requests, now)]
  const over = new AbortController()
  let [inCall, inAll, messages] = [0, 0, 0]
  const check = (fits: boolean) => {
    if (!fits) over.abort(mcpProblem('The server said more than a server may.', 'mcpTalks'))
  }
  return {
    call() {
      inCall = 0
      messages = 0
    },
    bytes(count) {
      inCall += count
      inAll += count
      check(inCall <= mcpBounds.callBytes && inAll <= mcpBounds.saidBytes)
    },
    message: () => check(mayTell() && ++messages <= mcpBounds.callMessages),
    request: () => check(mayAsk()),
    signal: over.signal,
  }
}
