/** Code in a line: nothing in it is a formula. */
const code = /(`+)[^`][\s\S]*?\1/g

/** A dollar that begins a formula has no space after it, one that ends it none before and no digit after: "$5 and $10" are prices. */
const formula = /(?<![\\$])\$(?!\$)(?=\S)((?:\\.|[^$\\\n])*?)(?<=\S)\$(?![\d$])/g

const escapeDollars = (text: string) => text.replace(/(?<!\\)\$/g, '\\$')

/** A formula that has its lines to itself stands by itself, in the middle and large. */
function displayed(piece: string, before: string, after: string): string {
  const alone = /(^|\n)[ \t]*$/.test(before) && /^[ \t]*(\n|$)/.test(after)
  return alone ? `$$\n${piece.slice(2, -2).trim()}\n$$` : piece
}

function outsideCode(text: string): string {
  const bracketed = text
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, inner: string) => `$$${inner}$$`)
    .replace(/\\\((.+?)\\\)/g, (_, inner: string) => `$${inner.trim()}$`)
  // Formulas that stand by themselves are left alone; of the rest only pairs are formulas.
  const pieces = bracketed.split(/(\$\$[\s\S]*?\$\$)/)
  return pieces
    .map((piece, index) => {
      if (index % 2 === 1) return displayed(piece, pieces[index - 1] ?? '', pieces[index + 1] ?? '')
      let result = ''
      let last = 0
      for (const match of piece.matchAll(formula)) {
        result += escapeDollars(piece.slice(last, match.index)) + match[0]
        last = match.index + match[0].length
      }
      return result + escapeDollars(piece.slice(last))
    })
    .join('')
}

/** Formulas are looked for in nothing longer than this: what looks for them compares everything with everything. */
const longest = 20_000

/** Whether there could be a formula in a text; most have none, and then nothing of that is loaded. */
export const mayHaveFormulas = (text: string): boolean => text.length <= longest && /\$|\\\(|\\\[/.test(text)

/** Writes the formulas of a text in one way, between dollars, and keeps dollars that are money. */
export function tidyFormulas(text: string): string {
  let result = ''
  let last = 0
  for (const match of text.matchAll(code)) {
    result += outsideCode(text.slice(last, match.index)) + match[0]
    last = match.index + match[0].length
  }
  return result + outsideCode(text.slice(last))
}
