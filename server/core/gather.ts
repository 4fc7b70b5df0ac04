import DataLoader from 'dataloader'

/**
 * Looks things up by key. Alone, a key is asked for at once; while as many questions as may be are under way, keys gather and go out together
 * with the next, so that a hundred who come at one moment do not ask a hundred times. Nothing is remembered beyond its answer.
 * @param load gives what there is; keys that it leaves out have nothing. What it throws everybody of that question hears
 * @param atOnce questions under way, so that one that hangs does not stop the others
 * @param most keys of one question
 */
export function gather<V>(load: (keys: readonly string[]) => Promise<Map<string, V>>, { atOnce = 4, most = 200 } = {}) {
  const waiting: (() => void)[] = []
  let busy = 0

  function go(): void {
    if (busy >= atOnce) return
    const next = waiting.shift()
    if (!next) return
    busy++
    next()
  }

  const loader = new DataLoader<string, V | undefined>(
    async (keys) => {
      try {
        const found = await load(keys)
        return keys.map((key) => found.get(key))
      } finally {
        busy--
        go()
      }
    },
    {
      cache: false,
      maxBatchSize: most,
      batchScheduleFn: (dispatch) => {
        waiting.push(dispatch)
        // Not before what else this moment brought has been heard: many sockets' handshakes arrive in one turn, each in a callback of its own.
        setImmediate(go)
      },
    },
  )
  return (key: string): Promise<V | undefined> => loader.load(key)
}
