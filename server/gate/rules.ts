import { reportLineSchema, type TestResult } from './schema.ts'

/** A criterion as far as the gate needs it. */
export interface GateCriterion {
  id: string
  text: string
  derived: boolean
}

/** What the gate found out about one criterion. */
export interface CriterionResult extends GateCriterion {
  result: 'passed' | 'failed' | 'unverified'
  detail: string | null
}

/** Reads the runner's report. `finished` is false where the runner did not come to its end; lines that are no report are left out. */
export function parseReport(text: string): { tests: TestResult[]; finished: boolean } {
  const tests: TestResult[] = []
  let finished = false
  for (const line of text.split('\n')) {
    if (!line) continue
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      continue
    }
    const parsed = reportLineSchema.safeParse(json)
    if (!parsed.success) continue
    if ('end' in parsed.data) finished = true
    else tests.push(parsed.data)
  }
  return { tests, finished }
}

const keyOf = (test: TestResult) => `${test.file}\u0000${test.criterion}\u0000${test.name}`

/**
 * The tests that count: those that failed on an assertion of their own before the code existed. The others prove nothing;
 * `why` says so for each criterion that has only such.
 */
export function countingTests(
  criteria: readonly GateCriterion[],
  baseline: readonly TestResult[],
): { keys: Set<string>; why: Map<string, string> } {
  const keys = new Set<string>()
  const why = new Map<string, string>()
  for (const { id } of criteria) {
    const own = baseline.filter((test) => test.criterion === id)
    const counting = own.filter((test) => test.failure === 'assertion')
    for (const test of counting) keys.add(keyOf(test))
    if (counting.length > 0) continue
    if (own.length === 0) why.set(id, 'no test')
    else if (own.some((test) => test.passed)) why.set(id, 'its test passes without any code')
    else why.set(id, `its test does not fail on an assertion: ${own[0]?.message ?? ''}`.slice(0, 300))
  }
  return { keys, why }
}

function judge(criterion: GateCriterion, counted: TestResult[], expected: number, why: string | undefined): CriterionResult {
  if (expected === 0) return { ...criterion, result: 'unverified', detail: why ?? 'no test' }
  const red = counted.filter((test) => !test.passed)
  if (red.length > 0) return { ...criterion, result: 'failed', detail: red.map((test) => `${test.name}: ${test.message}`).join('\n') }
  if (counted.length < expected) return { ...criterion, result: 'failed', detail: 'its test did not run to the end' }
  return { ...criterion, result: 'passed', detail: null }
}

/** Judges each criterion by the tests that count; a counting test that is missing from the report is red. */
export function judgeCriteria(
  criteria: readonly GateCriterion[],
  baseline: readonly TestResult[],
  final: readonly TestResult[],
): CriterionResult[] {
  const { keys, why } = countingTests(criteria, baseline)
  return criteria.map((criterion) => {
    const expected = new Set(baseline.filter((test) => test.criterion === criterion.id && keys.has(keyOf(test))).map(keyOf))
    const counted = final.filter((test) => expected.has(keyOf(test)))
    return judge(criterion, counted, expected.size, why.get(criterion.id))
  })
}

/** How a build ends by its criteria alone. */
export function statusOf(results: readonly CriterionResult[]): 'SUCCESS' | 'UNSTABLE' | 'FAILURE' {
  if (results.some(({ result }) => result === 'failed')) return 'FAILURE'
  return results.length === 0 || results.some(({ result }) => result === 'unverified') ? 'UNSTABLE' : 'SUCCESS'
}

/** The same failure gives the same signature, whatever ids, times or durations its words carry: a round that repeats it ends the repairs. */
export function failureSignature(results: readonly CriterionResult[]): string {
  return results
    .filter(({ result }) => result === 'failed')
    .map(({ id, detail }) => `${id} ${(detail ?? '').replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/gi, '<id>').replace(/\d+/g, '<n>')}`)
    .sort()
    .join('\n')
}
