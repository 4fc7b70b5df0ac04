import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { assignmentRules } from './assignments.ts'
import { presetRules } from './preset.ts'
import { privateKeyRule } from './private-keys.ts'
import { shapeRules } from './shapes.ts'
import type { Finding } from './types.ts'

/** A long text is read in pieces of this many characters, and others are served in between. */
const pieceLength = 128 * 1024
/** Each piece begins this far before the end of the last, so that what stands across a border is seen whole: the largest keys fit. */
const overlap = 20 * 1024
/** What stands this close to a border may look different there: its surroundings, or its end, are cut off. */
const margin = 4 * 1024
/** The event loop is kept from others for about this long at a time. */
const breathMs = 15
/** Texts shorter than this are read again each time: that is quicker than knowing them again. */
const remembered = 24
/** So many texts' findings are kept, and so many findings in all; places and kinds only, never a text. */
const limits = { texts: 4_096, findings: 100_000 } as const

const rules = [...presetRules, ...shapeRules, ...assignmentRules, privateKeyRule]

/** One row of findings that do not touch, in order; where two overlap, the stretch of both is one. */
export function merged(findings: Finding[]): Finding[] {
  const row: Finding[] = []
  for (const next of findings.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = row.at(-1)
    if (!last || next.start >= last.end) row.push({ ...next })
    else {
      last.end = Math.max(last.end, next.end)
      last.strong ||= next.strong
      last.rule ||= next.rule
    }
  }
  return row
}

function scanPiece(text: string, from: number, to: number, found: Finding[]): void {
  const piece = from === 0 && to === text.length ? text : text.slice(from, to)
  for (const rule of rules) {
    rule(piece, (finding) => {
      const [start, end] = [finding.start + from, finding.end + from]
      // The piece before saw it with what stands before it; the piece behind will see it with what follows.
      const seen = from > 0 && start < from + margin && end <= from + overlap - margin
      const willBeSeen = to < text.length && end > to - margin && start >= to - overlap + margin
      if (!seen && !willBeSeen) found.push({ ...finding, start, end })
    })
  }
}

let breathedAt = 0

async function scanned(text: string): Promise<Finding[]> {
  const found: Finding[] = []
  for (let from = 0; ; ) {
    if (performance.now() - breathedAt > breathMs) {
      await breathe()
      breathedAt = performance.now()
    }
    const to = Math.min(text.length, from + pieceLength)
    scanPiece(text, from, to, found)
    if (to === text.length) return merged(found)
    from = to - overlap
  }
}

const known = new Map<string, Finding[]>()
let kept = 0

function remember(key: string, findings: Finding[]): void {
  known.set(key, findings)
  kept += findings.length
  for (const [oldest, old] of known) {
    if (known.size <= limits.texts && kept <= limits.findings) break
    known.delete(oldest)
    kept -= old.length
  }
}

/**
 * The secrets in one text, in order. A conversation says its beginning again at each turn, so what was found in a text is remembered under
 * the text's digest.
 */
export async function scan(text: string): Promise<readonly Finding[]> {
  if (text.length < 8) return []
  if (text.length < remembered) return scanned(text)
  const key = createHash('sha256').update(text).digest('base64')
  const before = known.get(key)
  if (before) {
    known.delete(key)
    known.set(key, before)
    return before
  }
  const findings = await scanned(text)
  if (!known.has(key)) remember(key, findings)
  return findings
}
