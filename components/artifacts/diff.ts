export type DiffLine = {
  kind: 'file' | 'hunk' | 'add' | 'remove' | 'context' | 'meta'
  text: string
  before: number | null
  after: number | null
}

const meta = /^(index |similarity |rename |new file|deleted file|old mode|new mode|Binary |\\ No newline)/

/** A unified diff line by line, with the numbers that each line has before and after. */
export function diffLines(text: string): DiffLine[] {
  let before = 0
  let after = 0
  let inHunk = false
  const read = (line: string): DiffLine => {
    const plain = (kind: DiffLine['kind']): DiffLine => ({ kind, text: line, before: null, after: null })
    if (line.startsWith('diff --git')) {
      inHunk = false
      return { ...plain('file'), text: / b\/(.+)$/.exec(line)?.[1] ?? line }
    }
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)
    if (hunk) {
      before = Number(hunk[1])
      after = Number(hunk[2])
      inHunk = true
      return plain('hunk')
    }
    if (!inHunk) return plain('meta')
    if (line.startsWith('+')) return { kind: 'add', text: line.slice(1), before: null, after: after++ }
    if (line.startsWith('-')) return { kind: 'remove', text: line.slice(1), before: before++, after: null }
    if (meta.test(line)) return plain('meta')
    return { kind: 'context', text: line.slice(1), before: before++, after: after++ }
  }
  return text.replace(/\n$/, '').split('\n').map(read)
}
