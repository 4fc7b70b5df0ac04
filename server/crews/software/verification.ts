import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type StepContext, StepFailure } from '@/server/builds/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { runDescriptionSchema } from '@/server/deployments/schema.ts'
import { startTrial } from '@/server/deployments/service.ts'
import { type TestResult, testResultSchema } from '@/server/gate/schema.ts'
import { type AcceptanceRun, type CriterionResult, failureSignature, judgeCriteria, runAcceptance } from '@/server/gate/service.ts'
import { checkOut, exportCommit, listTreeFiles, readTreeFile } from '@/server/worktrees/service.ts'
import { specificationSchema } from '../schema.ts'
import { digest, seed, workAndCommit } from './development.ts'
import { handedOver, handOver, handOverText, issueBlock } from './handover.ts'
import { qa } from './qa.ts'
import { type Steps, stage } from './stage.ts'
import { appFolder, type StagePlace, stages } from './stages.ts'
import type { Block, Ended, Failure, Run, Verdict } from './types.ts'

const testsSchema = z.array(testResultSchema)
const installTimeoutMs = 5 * 60_000
const unitTimeoutMs = 2 * 60_000
const testsTree = 'acceptance'
const unitId = 'unit-tests'

/** A folder of the build's own workspace. */
async function folder(context: StepContext, name: string): Promise<string> {
  const path = join(await context.workspace(), name)
  await mkdir(path, { recursive: true })
  return path
}

/** Lays a commit out and installs its dependencies there: the only step with a network, and that reaches the package registry alone. */
function install(run: Run, step: Steps, commit: string, name: string): Promise<string> {
  return step('install', 'Install dependencies', async (context) => {
    const workspace = await folder(context, name)
    await exportCommit(run.buildId, commit, workspace)
    const command = ['npm', 'ci', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    await context.runOrFail({ workspace, command, timeoutMs: installTimeoutMs, network: 'registry' })
    return workspace
  })
}

async function withApp(run: Run, context: StepContext, sourceDir: string, testsDir: string): Promise<AcceptanceRun> {
  const dataDir = await folder(context, 'data')
  const app = await startTrial(run.projectId, { key: run.buildId, sourceDir, run: runDescriptionSchema.parse({}), dataDir })
  const silence = app.onOutput((text) => context.log(text.trimEnd().replace(/^/gm, 'app | ')))
  try {
    return await runAcceptance(context, { testsDir, workspace: await folder(context, 'gate'), app })
  } finally {
    silence()
    await app.stop()
  }
}

/** Runs the acceptance tests against the app in `sourceDir`; an app that does not start fails them all. */
async function accept(run: Run, context: StepContext, sourceDir: string, testsCommit: string): Promise<AcceptanceRun> {
  const tree = await checkOut(run.buildId, testsTree, testsCommit)
  try {
    return await withApp(run, context, sourceDir, join(tree, 'acceptance'))
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isAppError(error)) throw error
    context.log(error.message)
    return { tests: [], finished: false, reason: error.message }
  }
}

async function writeTests(run: Run, step: Steps, base: string, failures: readonly Failure[]): Promise<string> {
  const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
  if (failures.length > 0) blocks.push(['failures', failures])
  return workAndCommit(
    run,
    step,
    qa,
    base,
    blocks,
    failures.length > 0 ? 'Write the missing acceptance tests' : 'Write the acceptance tests',
  )
}

/** Stage 4: acceptance tests before there is any code, run once against the scaffold to see which of them can fail at all. */
export function prepareTests(run: Run): Promise<Ended<string>> {
  return stage(run, stages.acceptance, async (step) => {
    const { criteria } = await handedOver(run, 'specification', specificationSchema)
    const base = await seed(run)
    const scaffoldDir = await install(run, step, base, 'scaffold')
    let commit = await writeTests(run, step, base, [])
    for (let attempt = 1; ; attempt++) {
      const again: Steps = (key, name, work) => step(attempt === 1 ? key : `${key}-${attempt}`, name, work)
      const baseline = await again('baseline', 'Run them without any code', (context) => accept(run, context, scaffoldDir, commit))
      await handOver(run, stages.acceptance.key, 'baseline', baseline.tests)
      const missing = judgeCriteria(criteria, baseline.tests, []).filter(({ result }) => result === 'unverified')
      if (missing.length === 0 || attempt === 2) break
      const failures = missing.map(({ id, text, detail }) => ({ id, text, message: detail ?? 'no test' }))
      commit = await writeTests(run, (key, name, work) => step(`${key}-2`, name, work), commit, failures)
    }
    await keepTests(run, commit)
    return commit
  })
}

async function keepTests(run: Run, commit: string): Promise<void> {
  const tree = await checkOut(run.buildId, testsTree, commit)
  const files = (await listTreeFiles(tree)).filter((path) => path.startsWith('acceptance/'))
  const texts = await Promise.all(files.map(async (path) => `// ${path}\n${await readTreeFile(tree, path)}`))
  await handOverText(run, stages.acceptance.key, 'acceptance-tests.mjs', 'text/javascript', texts.join('\n'))
}

/** Keeps what a test run found; gives the references that the flow needs. */
async function keepVerdict(
  run: Run,
  place: StagePlace,
  criteria: CriterionResult[],
  tests: TestResult[],
  failures: Failure[],
): Promise<Verdict> {
  const report = place.key === stages.tests.key ? 'test-report' : `test-report-${place.key}`
  const names = { report, failures: `failures-${place.key}` }
  await handOver(run, place.key, report, { criteria, tests })
  if (failures.length > 0) await handOver(run, place.key, names.failures, failures)
  const unit = failures.find(({ id }) => id === unitId)?.message ?? ''
  return { red: failures.length, signature: digest(`${unit.split('\n')[0]}\n${failureSignature(criteria)}`), ...names }
}

/** Runs the app's own unit tests and the acceptance tests. Red tests are this function's result; the stage they turn red is one of the build's. */
export function verify(run: Run, place: StagePlace, commit: string, testsCommit: string): Promise<Ended<Verdict>> {
  return stage(run, place, async (step) => {
    const { criteria } = await handedOver(run, 'specification', specificationSchema)
    const baseline = await handedOver(run, 'baseline', testsSchema)
    const sourceDir = await install(run, step, commit, appFolder)
    const unit = await unitTests(step, sourceDir)
    return redOr(step, 'acceptance', 'Acceptance tests', async (context) => {
      const final = await accept(run, context, sourceDir, testsCommit)
      const results = judgeCriteria(criteria, baseline, final.tests)
      const red = results.filter(({ result }) => result === 'failed')
      const failures = red.map(({ id, text, detail }) => ({ id, text, message: final.reason ?? detail ?? 'failed' }))
      const verdict = await keepVerdict(run, place, results, final.tests, unit ? [unit, ...failures] : failures)
      const words = `${red.length} of ${results.length} criteria are red: ${red.map(({ id }) => id).join(', ')}`
      return { value: verdict, red: red.length > 0 ? words : null }
    })
  })
}

/** A step that is red and yet has something to hand on: the build goes on to the repairs. */
async function redOr<T>(
  step: Steps,
  key: string,
  name: string,
  work: (context: StepContext) => Promise<{ value: T; red: string | null }>,
): Promise<T> {
  let found: { value: T } | undefined
  try {
    await step(key, name, async (context) => {
      const result = await work(context)
      found = result
      if (result.red) context.fail(result.red)
    })
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    if (!found) throw error
  }
  return (found as { value: T }).value
}

/** The app's own unit tests; red ones go back to the developers like any other failure. */
function unitTests(step: Steps, workspace: string): Promise<Failure | null> {
  return redOr(step, 'unit', 'Unit tests of the app', async (context) => {
    const result = await context.run({ workspace, command: ['npm', 'test'], timeoutMs: unitTimeoutMs })
    if (result.exitCode === 0) return { value: null, red: null }
    const words = `npm test ended with ${result.exitCode ?? result.outcome}`
    return { value: { id: unitId, text: 'npm test passes', message: words }, red: words }
  })
}
