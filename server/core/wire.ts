import superjson, { type SuperJSONResult } from 'superjson'

const isUndefined = (mark: unknown): boolean => Array.isArray(mark) && mark.length === 1 && mark[0] === 'undefined'

/**
 * An input as it came: plain JSON, of which our pages say beside it only what was undefined. The library would make numbers of a million digits,
 * patterns and maps of it, too: no schema of ours takes them, and the first of them alone keeps a processor busy for seconds.
 * @throws Error where more is said
 */
function readInput({ json, meta }: SuperJSONResult): unknown {
  const values = meta?.values
  const marks: unknown[] = Array.isArray(values) ? [values] : Object.values(values ?? {})
  if (!marks.every(isUndefined)) throw new Error('An input is plain JSON.')
  // What stands at several places is written out at each of them, so nothing has to be joined.
  return superjson.deserialize({ json, ...(values && marks.length > 0 && { meta: { values, v: meta?.v } }) } as SuperJSONResult, {
    inPlace: true,
  })
}

/** How inputs and answers of tRPC are written. */
export const transformer = { input: { serialize: superjson.serialize, deserialize: readInput }, output: superjson }
