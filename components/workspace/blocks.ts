/** A piece of Markdown that can be drawn by itself; code stands in pieces of its own. */
export type TextBlock = { kind: 'markdown'; text: string } | { kind: 'code'; text: string; language: string; closed: boolean }

const fence = /^(`{3,}|~{3,})[ \t]*([^`\n]*)$/
const listItem = /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
/** Definitions of links and footnotes count for the whole text. */
const definition = /^ {0,3}\[[^\]\n]+\]:/m

/** Gathers lines into blocks. */
function makeGatherer() {
  const blocks: TextBlock[] = []
  let lines: string[] = []
  return {
    blocks,
    get first() {
      return lines[0]
    },
    add: (line: string) => void lines.push(line),
    end() {
      const text = lines.join('\n').trimEnd()
      if (text.trim()) blocks.push({ kind: 'markdown', text })
      lines = []
    },
  }
}

/** The lines of a fenced block after its first, up to the one that closes it. */
function readFence(lines: readonly string[], from: number, mark: string): { end: number; closed: boolean } {
  const closing = new RegExp(`^ {0,3}${mark[0]}{${mark.length},}[ \\t]*$`)
  for (let at = from; at < lines.length; at++) if (closing.test(lines[at] ?? '')) return { end: at, closed: true }
  return { end: lines.length, closed: false }
}

/** Whether a line after an empty one still belongs to the block before: what is indented does, and the next item of a list. */
const goesOn = (line: string, first: string) => /^(?: {2,}|\t)\S/.test(line) || (listItem.test(first) && listItem.test(line))

/**
 * Splits Markdown where its blocks end, so that only the last one is drawn anew while the text grows. Where pieces depend on each other it stays whole.
 */
export function splitBlocks(text: string): TextBlock[] {
  if (definition.test(text)) return [{ kind: 'markdown', text }]
  const lines = text.split('\n')
  const into = makeGatherer()
  let blank = false
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const opened = fence.exec(line)
    if (opened) {
      into.end()
      const { end, closed } = readFence(lines, at + 1, opened[1] ?? '')
      const language = /^[\w+#.-]+/.exec(opened[2] ?? '')?.[0] ?? ''
      into.blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n'), language, closed })
      at = end
      blank = false
      continue
    }
    if (blank && line.trim() && into.first !== undefined && !goesOn(line, into.first)) into.end()
    if (/^\$\$/.test(line) && !/\S\$\$\s*$/.test(line)) {
      // A formula over several lines, empty ones among them.
      into.end()
      const end = lines.findIndex((other, index) => index > at && /\$\$\s*$/.test(other))
      const last = end < 0 ? lines.length - 1 : end
      into.blocks.push({ kind: 'markdown', text: lines.slice(at, last + 1).join('\n') })
      at = last
      blank = false
      continue
    }
    into.add(line)
    blank = !line.trim()
  }
  into.end()
  return into.blocks
}
