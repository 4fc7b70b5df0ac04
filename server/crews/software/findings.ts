import { type Severity, severities } from '@/server/ai/schema.ts'
import { type Finding, type LeftOut, type Review, type ReviewAnswer, reviewLimits } from '../schema.ts'

const rank = (severity: Severity): number => severities.indexOf(severity)

// Colours of a terminal first, whole; then every other control character, and those that turn or hide text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character.
const colours = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)?)?/g
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text)

/** A model's words as one line of plain text. */
export const cleanLine = (text: string, length: number): string =>
  cut(
    text
      .slice(0, length * 8)
      .replace(colours, '')
      .replace(hidden, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    length,
  )

/** A model's words as plain text whose lines stay. */
export const cleanText = (text: string, length: number): string =>
  cut(
    text
      .slice(0, length * 8)
      .split(/\r?\n/)
      .map((line) => line.replace(colours, '').replace(/\t/g, '  ').replace(hidden, ' ').trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    length,
  )

/** How many findings there are of each severity. */
export const noCounts = (): Review['counts'] => ({ critical: 0, high: 0, medium: 0, low: 0, info: 0 })

const pathOf = ({ path }: Finding): string => path.replace(/^\.\//, '')

/** The gravest findings about some files, as many as a review may hold. */
export const gravest = (findings: readonly Finding[], isSent: (path: string) => boolean): Finding[] =>
  findings
    .filter((finding) => isSent(pathOf(finding)))
    .sort((a, b) => rank(a.severity) - rank(b.severity))
    .slice(0, reviewLimits.findings)

type Found = Pick<Review, 'findings' | 'counts' | 'dropped'>

function cleaned(finding: Finding, lines: number): Finding {
  const { severity, category, line, title, detail, suggestion } = finding
  return {
    severity,
    category,
    path: pathOf(finding),
    line: line !== null && line >= 1 && line <= lines ? line : null,
    title: cleanLine(title, reviewLimits.title) || cleanLine(detail, reviewLimits.title) || '…',
    detail: cleanText(detail, reviewLimits.detail),
    suggestion: cleanText(suggestion ?? '', reviewLimits.suggestion) || null,
  }
}

/**
 * Adds what a model found in some files to what is known. All findings about those files count; the gravest are kept, as many as a
 * review may hold, so that no number of small ones buries a grave one.
 * @param linesOf how many lines each file has that was sent
 */
export function addFindings(before: Found, answer: ReviewAnswer, linesOf: ReadonlyMap<string, number>): Found {
  const counts = { ...before.counts }
  const dropped = { ...before.dropped }
  for (const finding of answer.findings) {
    if (linesOf.has(pathOf(finding))) counts[finding.severity]++
    else dropped.outside++
  }
  const added = gravest(answer.findings, (path) => linesOf.has(path))
  const all = [...before.findings, ...added.map((finding) => cleaned(finding, linesOf.get(pathOf(finding)) ?? 0))]
  const findings: Finding[] = []
  let bytes = 0
  for (const finding of all.sort((a, b) => rank(a.severity) - rank(b.severity))) {
    bytes += Buffer.byteLength(JSON.stringify(finding))
    if (findings.length >= reviewLimits.findings || bytes > reviewLimits.bytes) break
    findings.push(finding)
  }
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0)
  return { findings, counts, dropped: { ...dropped, beyond: total - findings.length } }
}

/** The severities that stop a deployment. */
export const stopping = (stopAt: Severity | null): Severity[] => (stopAt === null ? [] : severities.slice(0, rank(stopAt) + 1))

/** `2 critical, 1 high`; those of which there are none are left out. */
export function countWords(counts: Review['counts'], of: readonly Severity[] = severities): string {
  const named = of.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}`)
  return named.length > 0 ? named.join(', ') : 'nothing'
}

const place = ({ path, line }: Finding): string => (line === null ? path : `${path}:${line}`)
const toldTitles = 3

/** Where a person changes what stops a deployment. */
export const whereToChoose = 'Which findings stop a deployment is chosen in the settings of this service, under "Code and models".'

/** Why a review stops the deployment, or null where it does not. */
export function stopReason(review: Pick<Review, 'stopAt' | 'counts' | 'findings'>): string | null {
  const stops = stopping(review.stopAt)
  if (!stops.some((severity) => review.counts[severity] > 0)) return null
  const gravest = review.findings.filter(({ severity }) => stops.includes(severity)).slice(0, toldTitles)
  const titles = gravest.map((finding) => `${finding.title} (${finding.severity}, ${place(finding)})`)
  return [
    `The review stopped the deployment: ${countWords(review.counts, stops)}.`,
    titles.length > 0 ? `${titles.join('; ')}.` : '',
    `The version before stays in use. ${whereToChoose}`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** What no review means: none, no deployment, where findings could have stopped it; else a warning. */
export const unreadableReason = (why: string, stopAt: Severity | null): string =>
  stopAt === null
    ? `There is no review of this release: ${why} No finding stops a deployment here, so it goes on.`
    : `No deployment without its review: ${why} The version before stays in use. ${whereToChoose}`

/** Whether Node or a browser would run what stands in a file of this name. */
export const isCode = (path: string): boolean => /\.(?:[cm]?[jt]sx?|html?)$/i.test(path)

/** Code that goes out unread, in words; null where all of it was read. Whoever hides it should not do so unnoticed. */
export function unseenReason(leftOut: readonly LeftOut[]): string | null {
  const unseen = leftOut.filter(({ path, why }) => isCode(path) && !['lock', 'empty'].includes(why))
  if (unseen.length === 0) return null
  const more = unseen.length > toldTitles ? ` and ${unseen.length - toldTitles} more` : ''
  const named = unseen.slice(0, toldTitles).map(({ path, why }) => `${path} (${leftOutWords[why]})`)
  return `Not all of the code was reviewed: ${named.join(', ')}${more}.`
}

const leftOutWords: Record<LeftOut['why'], string> = {
  denied: 'on the list of paths that no model gets to see',
  binary: 'no text',
  lock: 'locked versions',
  large: 'too large',
  empty: 'empty',
  beyond: 'beyond what one review takes',
}

/** Files that were left out, by reason: `2 locked versions (a, b)`. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const reasons = [...new Set(leftOut.map(({ why }) => why))]
  return reasons.map((why) => {
    const paths = leftOut.filter((one) => one.why === why).map(({ path }) => path)
    const more = paths.length > 5 ? ` and ${paths.length - 5} more` : ''
    return `left out, ${leftOutWords[why]}: ${paths.slice(0, 5).join(', ')}${more}`
  })
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A model's words in Markdown: whatever is in them means nothing but itself, and nothing becomes a link. */
const literal = (text: string): string =>
  text
    .replace(/[&<>]/g, (char) => entities[char] ?? char)
    .replace(/[\\`*_[\]#|~@]|(?<=:)\/|(?<=www)\./gi, '\\$&')
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/gm, '$1\\$2')
const paragraph = (text: string): string => literal(text).replace(/\n+/g, '  \n')

function findingText(finding: Finding): string {
  const { severity, category, title, detail, suggestion } = finding
  return [
    `### ${literal(title)}`,
    `**${severity}** · ${category} · ${literal(place(finding))}`,
    paragraph(detail),
    suggestion ? `What would mend it: ${paragraph(suggestion)}` : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The review as people read it. */
export function reviewText(review: Review): string {
  const bytes = review.files.reduce((sum, file) => sum + file.bytes, 0)
  const { outside, beyond } = review.dropped
  return [
    '# Review of the release',
    paragraph(review.summary),
    [
      `- commit: ${review.commit}`,
      `- bundle: SHA-256 ${review.bundle}, ${review.files.length} files, ${bytes} bytes`,
      `- model: ${literal(review.model)}${review.demoModel ? ' (demo model)' : ''}`,
      `- found: ${countWords(review.counts)}`,
      `- stops the deployment: ${review.stopAt === null ? 'no finding' : `${review.stopAt} and graver`}`,
      ...leftOutLines(review.leftOut).map((line) => `- ${literal(line)}`),
      ...(outside > 0 ? [`- not counted: ${outside} about files that are not in this release`] : []),
      ...(beyond > 0 ? [`- not listed: ${beyond} that go beyond what a review may hold`] : []),
    ].join('\n'),
    review.findings.length > 0 ? '## Findings' : 'No findings.',
    ...review.findings.map(findingText),
  ].join('\n\n')
}
