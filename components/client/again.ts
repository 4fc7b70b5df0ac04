/**
 * Makes a call that may be asked for at any rate: it never runs twice at once, rests `restMs` after each run, and whatever was asked
 * for meanwhile is one more run, so the last change is always read.
 */
export function onceAtATime(run: () => Promise<unknown>, restMs: number): () => void {
  let busy = false
  let again = false
  return async () => {
    again = true
    if (busy) return
    busy = true
    while (again) {
      again = false
      await run().catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
    busy = false
  }
}
