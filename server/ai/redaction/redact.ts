import type { ProjectId } from '@/server/core/gates.ts'
import type { Redaction } from '../schema.ts'
import { isNameOfSecret } from './assignments.ts'
import { type Known, knownFinder } from './known.ts'
import { namer, placeholderPattern } from './placeholders.ts'
import { isPlausible } from './plausible.ts'
import { restoreStream, restoreText } from './restore.ts'
import { merged, scan } from './scan.ts'
import { type Slot, textsOf } from './strings.ts'
import type { Finding, Redacted } from './types.ts'
import { withhold } from './withhold.ts'

/** Shorter values are words and numbers that stand everywhere. */
const shortestGiven = 6

interface Request {
  output_config?: { format?: { type?: string } }
  output_format?: { type?: string }
}

/** What is secret in one text: by its looks, by the name of its field, and placeholders that it brings along, which are no secrets but must come back. */
async function findingsIn({ text, name, signed }: Slot): Promise<Finding[]> {
  // The model's own signed words hold no secret but those it was told.
  if (signed) return []
  const found = [...(await scan(text))]
  const whole = { start: 0, end: text.length, rule: 'named-secret', strong: text.length >= 12 }
  if (name !== null && isNameOfSecret(name) && !/\s/.test(text) && isPlausible(text, true)) found.push(whole)
  for (const { 0: written, index } of text.matchAll(placeholderPattern)) {
    found.push({ start: index, end: index + written.length, rule: '', strong: true })
  }
  return merged(found)
}

/** The given values, each also as it stands inside JSON; both mean the same secret. */
function givenSecrets(extra: readonly string[]): { known: Known[]; plain: Map<string, string> } {
  const plain = new Map<string, string>()
  for (const value of extra) {
    if (value.length < shortestGiven) continue
    plain.set(JSON.stringify(value).slice(1, -1), value)
    plain.set(value, value)
  }
  return { known: [...plain.keys()].map((text) => ({ text, rule: 'given', strong: true })), plain }
}

function replacer(projectId: ProjectId, plain: ReadonlyMap<string, string>) {
  const name = namer(projectId)
  const names = new Map<string, string>()
  const counted = new Map<string, string>()
  const replace = (text: string, findings: readonly Finding[]): string => {
    let out = ''
    let last = 0
    for (const { start, end, rule } of findings) {
      const written = text.slice(start, end)
      const secret = plain.get(written) ?? written
      const placeholder = name(secret)
      names.set(placeholder, secret)
      if (rule) counted.set(placeholder, rule)
      out += text.slice(last, start) + placeholder
      last = end
    }
    return out + text.slice(last)
  }
  return { names, counted, replace }
}

function countsOf(counted: ReadonlyMap<string, string>): Redaction[] {
  const counts = new Map<string, number>()
  for (const rule of counted.values()) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => (a.rule < b.rule ? -1 : 1))
}

/** The secrets that were seen, each once, with the number of the text that showed it first. */
function seenIn(slots: readonly Slot[], findings: readonly Finding[][]): (Known & { first: number })[] {
  const seen = new Map<string, Known & { first: number }>()
  for (const [first, slot] of slots.entries()) {
    for (const { start, end, rule, strong } of findings[first] ?? []) {
      const text = slot.text.slice(start, end)
      const before = seen.get(text)
      if (before) before.strong ||= strong
      else seen.set(text, { text, rule, strong, first })
    }
  }
  return [...seen.values()]
}

/**
 * Makes a request of the Messages API ready to leave: secrets become placeholders wherever they stand in it, and what lies on denied paths is
 * left out. The same secret of a project has the same placeholder in each request.
 * @param denyPaths the project's own patterns, besides those that are always denied
 * @param extra values that are secret whatever they look like: credentials and environment values
 * @throws SyntaxError where the body is no JSON: what cannot be read cannot be let go
 */
export async function redact(
  projectId: ProjectId,
  body: string,
  denyPaths: readonly string[],
  extra: readonly string[] = [],
): Promise<Redacted> {
  const request = JSON.parse(body) as Request
  const withheld = withhold(request, denyPaths)
  const { slots, finish } = textsOf(request)
  const findings: Finding[][] = []
  for (const slot of slots) findings.push(await findingsIn(slot))
  const given = givenSecrets(extra)
  const seen = seenIn(slots, findings)
  const everywhere = knownFinder([...seen, ...given.known])
  const { names, counted, replace } = replacer(projectId, given.plain)
  for (const [i, slot] of slots.entries()) {
    const found = [...(findings[i] ?? [])]
    // What the model itself came up with later stays in its signed words.
    const find = slot.signed ? knownFinder([...seen.filter((one) => one.first < i && one.rule), ...given.known]) : everywhere
    find(slot.text, (finding) => found.push(finding))
    if (found.length > 0) slot.put(replace(slot.text, merged(found)))
  }
  finish()
  const changed = withheld.length > 0 || names.size > 0
  const structured = (request.output_config?.format ?? request.output_format)?.type === 'json_schema'
  return {
    body: changed ? JSON.stringify(request) : body,
    redactions: countsOf(counted),
    withheld,
    restoreText: (json) => (names.size === 0 ? json : restoreText(json, names, structured)),
    restoreStream: () => (names.size === 0 ? new TransformStream() : restoreStream(names, structured)),
  }
}
