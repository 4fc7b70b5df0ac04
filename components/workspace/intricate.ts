import type { TextBlock } from './blocks.ts'

/** So much of it takes a third of a second to draw, and more takes more than its share more. */
const budget = 3_000_000
const weights = { depth: 60, ticks: 60, address: 1_000 } as const

const countOf = (text: string, pattern: RegExp): number => {
  let count = 0
  for (const _ of text.matchAll(pattern)) count++
  return count
}

/** What stands in lists and quotations within each other, line by line. */
function depthCost(text: string): number {
  let cost = 0
  for (const [marks] of text.matchAll(/^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$))+/gm)) {
    const depth = countOf(marks, /[>*+.)-]/g)
    cost += depth * depth
  }
  return cost
}

/** How long a piece of Markdown takes to draw, in a measure of its own: marks that may belong to any of those before cost their number squared. */
function intricacy(text: string): number {
  const marks = countOf(text, /[*~]|\b_|_\b|\]\(/g)
  const ticks = new Set([...text.matchAll(/`+/g)].map(([run]) => run.length)).size
  const addresses = countOf(text, /www\.|:\/\/|@/g)
  return marks * marks + weights.depth * depthCost(text) + weights.ticks * ticks * ticks + weights.address * addresses
}

/**
 * Says for each block whether it may be drawn: a text that was made to keep a page busy, or the server that draws it first, is shown as it stands. `known`
 * keeps what the blocks cost from one time to the next: of a text that grows only the end is measured again.
 */
export function drawable(blocks: readonly TextBlock[], known: { text: string; cost: number }[] = []): boolean[] {
  let left = budget
  return blocks.map(({ kind, text }, at) => {
    if (kind === 'code') return true
    const before = known[at]
    const cost = before?.text === text ? before.cost : intricacy(text)
    known[at] = { text, cost }
    if (cost > left) return false
    left -= cost
    return true
  })
}
