/** Markup that is meant as such; every other value that gets into markup is text and is escaped. */
export class Markup {
  constructor(readonly html: string) {}
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

type Value = string | number | Markup | null | false | Value[]

function render(value: Value): string {
  if (value === null || value === false) return ''
  if (value instanceof Markup) return value.html
  if (Array.isArray(value)) return value.map(render).join('')
  return escaped(String(value))
}

/**
 * Markup around values: `` html`<p title="${title}">${text}</p>` ``. Whatever stands in a blank is escaped, in attributes, too, as long
 * as they are quoted; only what this tag has made itself is not.
 */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Markup =>
  new Markup(parts.map((part, at) => part + (at < values.length ? render(values[at] as Value) : '')).join(''))

/** Text with its line ends. */
export const withLines = (text: string): Markup => new Markup(escaped(text).replaceAll('\n', '<br>'))
