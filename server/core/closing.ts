import { logger } from './logger.ts'

const hardEndMs = 20_000

/** What has to be ended, in the order in which it was made; it is ended the other way round. */
export type Closing = (() => unknown)[]

/** Does `work` again and again until the end, never twice at a time; what it throws is logged. */
export function every(ms: number, what: string, work: () => unknown, closing: Closing): void {
  let busy = false
  const timer = setInterval(async () => {
    if (busy) return
    busy = true
    try {
      await work()
    } catch (err) {
      logger.error({ err }, `${what} failed`)
    }
    busy = false
  }, ms)
  closing.push(() => clearInterval(timer))
}

/** Ends everything, the last made first; what hangs is left behind after a while. */
export async function closeAll(closing: Closing): Promise<void> {
  setTimeout(() => process.exit(1), hardEndMs).unref()
  for (const close of closing.splice(0).reverse()) {
    await Promise.resolve()
      .then(close)
      .catch((err) => logger.warn({ err }, 'something did not end well'))
  }
}
