import { documentLimits } from '../schema.ts'
import type { Piece, ReadPage } from './types.ts'

const most = documentLimits.chunkCharacters
/** A piece that has so much already ends before a heading or a function. */
const enough = most / 4

/** Where something new begins, in Markdown and in code. */
const border =
  /^(#{1,6}\s|={3,}$|(export |default |public |private |protected |static |abstract |async |pub )*(function|class|def|fn|func|interface|type|struct|enum|impl|module|namespace|trait)\b|@\w+|제\s*\d+\s*[장절조])/

/** Paragraphs, each with what stands before the next empty line; a heading or a function begins one of its own. */
function blocksOf(text: string): string[] {
  const blocks: string[] = []
  let lines: string[] = []
  const end = () => {
    const block = lines.join('\n').trimEnd()
    if (block.trim()) blocks.push(block)
    lines = []
  }
  for (const line of text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .split('\n')) {
    if (line.trim() === '') end()
    else {
      // A decorator belongs to what follows it.
      if (border.test(line) && !lines.every((one) => one.startsWith('@'))) end()
      lines.push(line)
    }
  }
  end()
  return blocks
}

const lastEnd = (text: string, mark: RegExp): number => {
  let end = -1
  for (const found of text.matchAll(mark)) end = found.index + found[0].length
  return end
}

/** The last place before `most` where a text may be cut: after a line, a sentence, a word. */
function cutPlace(text: string): number {
  const head = text.slice(0, most)
  for (const mark of [/\n/g, /[.!?。…]["')\]]?\s/g, /\s/g]) {
    const end = lastEnd(head, mark)
    if (end > most / 2) return end
  }
  // A letter of two halves stays whole.
  return /[\uD800-\uDBFF]$/.test(head) ? most - 1 : most
}

function* bounded(block: string): Generator<string> {
  let rest = block
  while (rest.length > most) {
    const at = cutPlace(rest)
    yield rest.slice(0, at).trimEnd()
    rest = rest.slice(at)
  }
  if (rest.trim()) yield rest
}

/** Cuts a document into pieces of some paragraphs each, which never reach over the end of a page. */
export function piecesOf(pages: readonly ReadPage[]): Piece[] {
  const pieces: Piece[] = []
  for (const { page, text } of pages) {
    let piece = ''
    const end = () => {
      if (piece.trim()) pieces.push({ page, text: piece })
      piece = ''
    }
    for (const block of blocksOf(text).flatMap((one) => [...bounded(one)])) {
      const full = piece.length + 2 + block.length > most
      if (full || (piece.length >= enough && border.test(block))) end()
      piece = piece ? `${piece}\n\n${block}` : block
    }
    end()
  }
  return pieces
}
