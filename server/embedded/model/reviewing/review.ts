import { exposureRules } from './exposure.ts'
import { faultRules } from './faults.ts'
import { injectionRules } from './injection.ts'
import { qualityRules } from './quality.ts'
import { readCode } from './read-code.ts'
import { releaseRules } from './release.ts'
import type { Code, Line, LineRule, Rule, Severity } from './types.ts'

const lineRules: readonly LineRule[] = [...injectionRules, ...exposureRules, ...faultRules, ...qualityRules]
const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']
const statementLines = 6

export interface ReviewedFile {
  path: string
  text: string
}

interface Struck {
  rule: Rule
  severity: Severity
  path: string
  line: number | null
  /** Further places of the same file that the same rule strikes. */
  more: number
}

/** How many brackets a line leaves open; those it only closes belong to lines before it. */
function leftOpen(line: string, before = 0): number {
  let open = before
  for (const [bracket] of line.matchAll(/[()[\]{}]/g)) open = '([{'.includes(bracket) ? open + 1 : Math.max(0, open - 1)
  return open
}

/** What follows a line that leaves a bracket or an expression open, until it is closed. */
function restOf(code: readonly string[], at: number): string {
  const rest: string[] = []
  let line = code[at] ?? ''
  let open = leftOpen(line)
  while ((open > 0 || /[=,+(?:&|]\s*$/.test(line)) && rest.length < statementLines && at + rest.length + 1 < code.length) {
    line = code[at + rest.length + 1] ?? ''
    open = leftOpen(line, open)
    rest.push(line)
  }
  return rest.join('\n').slice(0, 2_000)
}

function lineOf(file: Code, at: number): Line {
  const text = (list: readonly string[]) => list[at] ?? ''
  return {
    at,
    code: text(file.code),
    raw: text(file.raw),
    comment: text(file.comments),
    rest: restOf(file.code, at),
    inTry: file.inTry[at] ?? false,
    inHandler: file.inHandler[at] ?? false,
    file,
  }
}

/** What the rules about lines strike in one file: each rule once, at its gravest place. */
function lookThrough(file: Code): Struck[] {
  const found = new Map<Rule, Struck>()
  for (const at of file.kind === 'script' ? file.code.keys() : []) {
    const line = lineOf(file, at)
    for (const rule of lineRules) {
      const said = (!file.test || rule.alsoTests) && rule.line(line)
      if (!said) continue
      const severity = said === true ? rule.severity : said
      const before = found.get(rule)
      const graver = !before || order.indexOf(severity) < order.indexOf(before.severity)
      const place = graver ? { severity, line: at + 1 } : { severity: before.severity, line: before.line }
      found.set(rule, { rule, path: file.path, more: before ? before.more + 1 : 0, ...place })
    }
  }
  return [...found.values()]
}

function findingOf({ rule, severity, path, line, more }: Struck, korean: boolean): object {
  const [title, detail, suggestion] = korean ? rule.ko : rule.en
  const others = korean ? ` 이 파일의 다른 ${more}곳에도 있습니다.` : ` So do ${more} more places of this file.`
  return { severity, category: rule.category, path, line, title, detail: more > 0 ? detail + others : detail, suggestion }
}

/** An honest summary: what was looked at, and that no mind did. */
function summaryOf(files: readonly Code[], count: number, korean: boolean): string {
  const lines = files.reduce((sum, { raw }) => sum + raw.length, 0)
  const rules = lineRules.length + releaseRules.length
  return korean
    ? `데모 모델이 규칙 ${rules}개로 파일 ${files.length}개, ${lines}줄을 살펴 ${count}건을 찾았습니다. 규칙은 코드를 이해하지 못하므로, 찾지 못했다고 안전하다는 뜻은 아닙니다.`
    : `The demo model held ${rules} fixed rules against ${lines} lines of ${files.length} files and found ${count}. Rules understand no code: that they found no more does not mean that there is no more.`
}

/**
 * Reviews files by fixed rules; the same files always give the same review.
 * @param whole whether these are all files of the release, so that what is missing can be told
 */
export function reviewFiles(given: readonly ReviewedFile[], korean: boolean, whole: boolean): { summary: string; findings: object[] } {
  const files = given.map(({ path, text }) => readCode(path, text))
  const struck = files.flatMap(lookThrough)
  for (const rule of whole ? releaseRules : [])
    struck.push(...rule.release(files).map((place) => ({ rule, severity: rule.severity, more: 0, ...place })))
  struck.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return { summary: summaryOf(files, struck.length, korean), findings: struck.map((one) => findingOf(one, korean)) }
}
