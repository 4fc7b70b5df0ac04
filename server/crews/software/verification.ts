import { z } from 'zod'
import { type TestResult, testResultSchema } from '@/server/gate/schema.ts'
import { type CriterionResult, failureSignature, judgeCriteria } from '@/server/gate/service.ts'
import { checkOut, listTreeFiles, readTreeFile } from '@/server/worktrees/service.ts'
import { looksBroken } from '../rules.ts'
import { type Failure, specificationSchema } from '../schema.ts'
import { digest, seed, workAndCommit } from './development.ts'
import { handedOver, handOver, handOverText, issueBlock } from './handover.ts'
import { accept, acceptOrFail, install, type Proof, unitTests } from './proving.ts'
import { qa } from './qa.ts'
import { redOr, type Steps, stage } from './stage.ts'
import { appFolder, type StagePlace, stages } from './stages.ts'
import type { Block, Ended, Run, Verdict } from './types.ts'

const testsSchema = z.array(testResultSchema)
const scaffoldFolder = 'scaffold'

async function writeTests(run: Run, step: Steps, base: string, failures: readonly Failure[]): Promise<string> {
  const again = failures.length > 0
  const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
  if (again) blocks.push(['failures', failures])
  return workAndCommit(run, step, qa, base, blocks, again ? 'Write the missing acceptance tests' : 'Write the acceptance tests')
}

/** Stage 4: acceptance tests before there is any code, run once against the scaffold to see which of them can fail at all. */
export function prepareTests(run: Run): Promise<Ended<string>> {
  return stage(run, stages.acceptance, async (step) => {
    const { criteria } = await handedOver(run, 'specification', specificationSchema)
    const base = await seed(run)
    const scaffoldDir = await install(run, step, base, scaffoldFolder)
    let commit = await writeTests(run, step, base, [])
    for (let attempt = 1; ; attempt++) {
      const key = attempt === 1 ? 'baseline' : `baseline-${attempt}`
      const baseline = await step(key, 'Run them without any code', async (context) => {
        const { tests } = await accept(run, context, scaffoldDir, commit)
        const counting = tests.filter(({ failure }) => failure === 'assertion').length
        context.log(`${counting} of ${tests.length} tests fail on an assertion of their own without any code: these count`)
        return tests
      })
      await handOver(run, stages.acceptance.key, 'baseline', baseline)
      const missing = judgeCriteria(criteria, baseline, []).filter(({ result }) => result === 'unverified')
      if (missing.length === 0 || attempt === 2) break
      const failures = missing.map(({ id, text, detail }) => ({ id, text, message: detail ?? 'no test' }))
      commit = await writeTests(run, (name, words, work) => step(`${name}-2`, words, work), commit, failures)
    }
    await keepTests(run, commit)
    return commit
  })
}

async function keepTests(run: Run, commit: string): Promise<void> {
  const tree = await checkOut(run.buildId, 'acceptance', commit)
  const files = (await listTreeFiles(tree)).filter((path) => path.startsWith('acceptance/'))
  const texts = await Promise.all(files.map(async (path) => `// ${path}\n${await readTreeFile(tree, path)}`))
  await handOverText(run, stages.acceptance.key, 'acceptance-tests.mjs', 'text/javascript', texts.join('\n'))
}

/** What went wrong, as the developers are told: each red criterion, and what the app printed where that may say why. */
function failuresOf(criteria: readonly CriterionResult[], proof: Proof): Failure[] {
  const red = criteria.filter(({ result }) => result === 'failed')
  const failures = red.map(({ id, text, detail }) => ({ id, text, message: proof.reason ?? detail ?? 'failed' }))
  if (red.length === 0 || !looksBroken(proof.appSaid)) return failures
  return [...failures, { id: 'app-output', text: 'what the app printed while it was tested', message: proof.appSaid }]
}

/** Keeps what a test run found; gives the references that the flow needs. */
async function keepVerdict(
  run: Run,
  place: StagePlace,
  found: { criteria: CriterionResult[]; tests: TestResult[]; failures: Failure[]; unit: string | null },
): Promise<Verdict> {
  const { criteria, tests, failures, unit } = found
  const report = place.key === stages.tests.key ? 'test-report' : `test-report-${place.key}`
  const names = { report, failures: `failures-${place.key}` }
  await handOver(run, place.key, report, { criteria, tests })
  if (failures.length > 0) await handOver(run, place.key, names.failures, failures)
  return { red: failures.length, signature: digest(`${unit ?? ''}\n${failureSignature(criteria)}`), ...names }
}

/** Runs the app's own unit tests and the acceptance tests. Red tests are this function's result; the stage they turn red is one of the build's. */
export function verify(run: Run, place: StagePlace, commit: string, testsCommit: string): Promise<Ended<Verdict>> {
  return stage(run, place, async (step) => {
    const { criteria } = await handedOver(run, 'specification', specificationSchema)
    const baseline = await handedOver(run, 'baseline', testsSchema)
    const sourceDir = await install(run, step, commit, appFolder)
    const unit = await unitTests(step, sourceDir)
    return redOr(step, 'acceptance', 'Acceptance tests', async (context) => {
      const proof = await acceptOrFail(run, context, sourceDir, testsCommit)
      const judged = judgeCriteria(criteria, baseline, proof.tests)
      const failures = [...(unit ? [unit.failure] : []), ...failuresOf(judged, proof)]
      const found = { criteria: judged, tests: proof.tests, failures, unit: unit?.signature ?? null }
      const red = judged.filter(({ result }) => result === 'failed').map(({ id }) => id)
      const words = `${red.length} of ${judged.length} criteria are red: ${red.join(', ')}`
      return { value: await keepVerdict(run, place, found), red: red.length > 0 ? words : null }
    })
  })
}
