import Anser from 'anser'

/** A piece of a line in one style. */
export interface Span {
  text: string
  className: string
  /** Colours that no class has, as CSS. */
  color?: string
  background?: string
}

/** No more of one line is drawn, opened or not; the raw download has the rest. */
export const longestShown = 100_000

const esc = '\\u001b'
/** Links and titles, cursor movements, character sets, other control characters: all but the colours. */
const notColours = new RegExp(
  [
    `${esc}\\][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\)`,
    `${esc}\\[[0-9;?]*[A-Za-ln-z]`,
    `${esc}[()][A-Z0-9]`,
    '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001a\\u007f]',
  ].join('|'),
  'g',
)

/** What a terminal would still show of a line: after a carriage return what stood there is overwritten. */
export function visibleText(raw: string): string {
  const line = (raw.length > longestShown ? raw.slice(0, longestShown) : raw).replace(notColours, '').replace(/\r+$/, '')
  return line.slice(line.lastIndexOf('\r') + 1)
}

const decorations: Record<string, string> = {
  bold: 'font-semibold',
  dim: 'opacity-70',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'line-through',
}

/** A colour of the 256 as CSS: the first sixteen are the theme's classes, then a cube of six steps a side, then greys. */
function paletteColour(number: number): string {
  if (number >= 232) return `rgb(${Array(3).fill(8 + (number - 232) * 10)})`
  const level = (value: number) => (value ? 55 + value * 40 : 0)
  const cube = number - 16
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level)})`
}

/** Anser's word for a colour, as a class of ours or as CSS. */
function colourOf(name: string | null, rgb: string | null): { className?: string; css?: string } {
  if (rgb) return { css: `rgb(${rgb})` }
  const palette = /^ansi-palette-(\d+)$/.exec(name ?? '')
  if (palette) return { css: paletteColour(Number(palette[1])) }
  return name ? { className: name } : {}
}

function styled(entry: Anser.AnserJsonEntry): Span {
  const inverse = entry.decorations.includes('reverse')
  const colours = [colourOf(entry.fg, entry.fg_truecolor), colourOf(entry.bg, entry.bg_truecolor)] as const
  const [front, ground] = inverse ? [colours[1], colours[0]] : colours
  const classes = entry.decorations.flatMap((name) => decorations[name] ?? [])
  if (front.className) classes.push(front.className)
  else if (inverse && !front.css) classes.push('ansi-inverse')
  if (ground.className) classes.push(`on-${ground.className}`)
  else if (inverse && !ground.css) classes.push('on-ansi-inverse')
  const span: Span = { text: entry.content, className: classes.join(' ') }
  if (front.css) span.color = front.css
  if (ground.css) span.background = ground.css
  return span
}

/** A line's pieces in their colours; every other escape sequence is left out. */
export function ansiSpans(raw: string): Span[] {
  const text = visibleText(raw)
  if (!text.includes('\u001b')) return text ? [{ text, className: '' }] : []
  return Anser.ansiToJson(text, { use_classes: true, remove_empty: true }).map(styled)
}

/** A line as plain text. */
export const plainText = (raw: string) => ansiSpans(raw).reduce((text, span) => text + span.text, '')

/** How many columns a text takes in a terminal: characters of East Asian width take two. */
export function columnsOf(text: string): number {
  let columns = text.length
  for (const wide of text.matchAll(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]+/g))
    columns += wide[0].length
  return columns
}
