/** Small helpers for printing JavaScript that a person will read. */

export interface WrittenFile {
  path: string
  content: string
}

/** A string as a JavaScript literal in single quotes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")
  return `'${escaped.replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)}'`
}

/** Whether a name can stand after a dot, or as a key, unquoted. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name)
}

/** `record.title`, or `record['two words']`. */
export function member(object: string, name: string): string {
  return isPlainName(name) ? `${object}.${name}` : `${object}[${quote(name)}]`
}

export function key(name: string): string {
  return isPlainName(name) ? name : quote(name)
}

/** A long text of one repeated letter reads better as a call. */
function textLiteral(text: string): string {
  const first = text[0] ?? ''
  return text.length > 40 && text === first.repeat(text.length) ? `${quote(first)}.repeat(${text.length})` : quote(text)
}

/** An expression where a template literal takes one. */
export function hole(expression: string): string {
  return `$\{${expression}}`
}

/** Any JSON value as a JavaScript literal; keys whose value is undefined are left out. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return textLiteral(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined'
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return entries.length === 0 ? '{}' : `{ ${entries.map(([name, entry]) => `${key(name)}: ${literal(entry)}`).join(', ')} }`
}

/** Text from outside as one line that cannot end the comment it stands in. */
export function remark(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim().slice(0, 200)
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Moves each non-empty line of a block to the right. */
export function indent(block: string, spaces = 2): string {
  return block.replace(/^(?=.)/gm, ' '.repeat(spaces))
}

/** Blocks with one empty line between them; those that are empty or null are left out. */
export function blocks(...parts: (string | null | false | undefined)[]): string {
  return `${parts
    .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
    .map((part) => part.trimEnd())
    .join('\n\n')}\n`
}

/** Lines without those that are null or false. */
export function lines(...parts: (string | null | false | undefined)[]): string {
  return parts.filter((part): part is string => typeof part === 'string').join('\n')
}
