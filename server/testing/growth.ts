const limit = 9
const tries = 10

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * Whether four times the size takes some four times as long: both sizes are measured beside each other, by the best of some tries, so that a
 * machine that is slow or busy is slow for both. What grows with the square takes sixteen times as long, at every try.
 * @param work does it in this size, 1 or 4; `nth` is another number each time, for work whose answers are remembered
 */
export async function growsWithSize(work: (size: 1 | 4, nth: number) => unknown): Promise<boolean> {
  let [one, four] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let nth = 0; nth < tries; nth++) {
    one = Math.min(one, await timed(() => work(1, nth)))
    four = Math.min(four, await timed(() => work(4, nth)))
    // Below a millisecond a clock says nothing, and nothing that grows too fast is done by then.
    if (four < Math.max(one * limit, 1)) return true
  }
  return false
}
