/** One text of a request and how to put another in its place. */
export interface Slot {
  text: string
  /** The field's name where the value stands under one of a tool's own; a name such as `password` says what the value is. */
  name: string | null
  /** The model's own signed words: the signature holds for exactly these, with the placeholders that it was given. */
  signed: boolean
  put(text: string): void
}

type Fields = Record<string, unknown>

// Words of the protocol itself, and what only its other side can read.
const opaque = new Set([
  ...['type', 'id', 'role', 'model', 'name', 'tool_use_id', 'signature', 'media_type', 'encrypted_content', 'encrypted_index'],
  ...['encrypted_stdout', 'cache_control', 'stop_reason', 'service_tier'],
])
/** Below these fields everything is somebody's own: names of fields, too. */
const free = new Set(['input', 'input_schema', 'metadata', 'schema', 'input_examples'])
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isBase64 = (text: string) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)

/** Fields that hold bytes: a picture's or a PDF's base64, and thoughts that only the model can read. */
function bytesOf(block: Fields): string | null {
  if (block.type === 'redacted_thinking') return 'data'
  return block.type === 'base64' && typeof block.data === 'string' && isBase64(block.data) ? 'data' : null
}

function rename(holder: Fields, names: ReadonlyMap<string, string>): void {
  const entries = Object.entries(holder)
  for (const [name] of entries) delete holder[name]
  for (const [name, value] of entries) {
    Object.defineProperty(holder, names.get(name) ?? name, { value, enumerable: true, configurable: true, writable: true })
  }
}

/**
 * Every text of a request that may hold something of the user's, in the order of the request; what is put changes the request itself. Names
 * of fields come last: call `finish` once all is put.
 */
export function textsOf(request: unknown): { slots: Slot[]; finish(): void } {
  const slots: Slot[] = []
  const renamed = new Map<Fields, Map<string, string>>()
  const visit = (holder: Fields | unknown[], key: string | number, own: boolean): void => {
    const value = (holder as Fields)[key]
    if (typeof value === 'string') {
      const signed = key === 'thinking' && !own && typeof (holder as Fields).signature === 'string'
      const put = (text: string) => {
        ;(holder as Fields)[key] = text
      }
      slots.push({ text: value, name: own && typeof key === 'string' ? key : null, signed, put })
    } else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) visit(value, i, own)
    } else if (isFields(value)) fields(value, own)
  }
  const fields = (value: Fields, own: boolean): void => {
    const bytes = own ? null : bytesOf(value)
    for (const name of Object.keys(value)) {
      if (own) {
        const put = (text: string) => void renamed.set(value, (renamed.get(value) ?? new Map<string, string>()).set(name, text))
        slots.push({ text: name, name: null, signed: false, put })
      }
      if (name === bytes || (!own && opaque.has(name))) continue
      visit(value, name, own || free.has(name))
    }
  }
  // What the model is told before the conversation comes before it, wherever it stands in the JSON.
  if (isFields(request)) {
    const { messages, ...rest } = request
    for (const name of Object.keys(rest)) if (!opaque.has(name)) visit(request, name, free.has(name))
    if (messages !== undefined) visit(request, 'messages', false)
  }
  return {
    slots,
    finish: () => {
      for (const [holder, names] of renamed) rename(holder, names)
    },
  }
}
