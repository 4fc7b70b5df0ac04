/** A field of a tool's input. */
export interface InputField {
  name: string
  /** Its value, as far as it has been written. */
  text: string
}

type Plain = string | number | boolean | null

function whole(input: string): unknown {
  try {
    return JSON.parse(input)
  } catch {
    return undefined
  }
}

// One field of an object at its top: a name, and a text that may be cut anywhere but within an escape, or another plain value that is whole.
const escaped = String.raw`\\u[\da-f]{4}|\\[^u]`
// A name has to end, and is looked at letter by letter, so that one that does not is given up at once; whatever follows a text will do.
const [name, text] = [String.raw`"((?:[^"\\]|${escaped})*)"`, String.raw`"((?:[^"\\]+|${escaped})*)`]
const oneField = () => new RegExp(String.raw`\s*[{,]\s*${name}\s*:\s*(?:${text}|([-+\w.]+)(?=\s*[,}]))("?)`, 'iy')

/**
 * The fields of an object that is still being written. Written by hand, because what completes cut JSON leaves out the text that is cut, which here
 * is the one that is looked at: it grows.
 */
function growing(input: string): InputField[] | null {
  const next = oneField()
  const fields = new Map<string, string>()
  for (;;) {
    const found = next.exec(input)
    if (!found) break
    const [, named, written, plain, end] = found
    const field = { name: whole(`"${named}"`), text: plain ?? whole(`"${written}"`) }
    if (typeof field.name !== 'string' || typeof field.text !== 'string') return null
    fields.set(field.name, field.text)
    if (plain === undefined && end === '') break
  }
  return fields.size > 0 ? [...fields].map(([name, text]) => ({ name, text })) : null
}

const isPlain = (value: unknown): value is Plain => value === null || typeof value !== 'object'

/** What a tool is given, field by field; null where it is no object of plain values, and is read as it was written. */
export function inputFields(input: string): InputField[] | null {
  const value = whole(input)
  if (value === undefined) return growing(input)
  if (isPlain(value) || Array.isArray(value)) return null
  const fields = Object.entries(value as object)
  if (!fields.every(([, one]) => isPlain(one))) return null
  return fields.map(([name, one]) => ({ name, text: String(one) }))
}
