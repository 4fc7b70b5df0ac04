import { constants } from 'node:fs'
import { copyFile, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepContext } from '@/server/builds/service.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { parseReport } from './rules.ts'
import { type AppUnderTest, openSockets } from './runner/sockets.ts'
import { gateLimits, type TestResult } from './schema.ts'

export { type CriterionResult, failureSignature, judgeCriteria, statusOf } from './rules.ts'

/** The acceptance tests of a build against one app. */
export interface GateInput {
  /** The QA engineer's files, as committed: a folder with `*.test.mjs`; one that is not there holds none. */
  testsDir: string
  /** A folder made by the executor for the runner alone; emptied first. */
  workspace: string
  app: AppUnderTest
}

/** What the runner's report said. `finished` is false where the runner did not come to its end; `reason` then says why. */
export interface AcceptanceRun {
  tests: TestResult[]
  finished: boolean
  reason: string | null
}

const report = 'report.ndjson'

/** Lays out the runner's folder: a copy of the tests, the platform's harness and reporter. Nothing a developer role wrote is in it. */
async function layOut({ testsDir, workspace }: GateInput, sockets: { app: string; control: string }): Promise<string[]> {
  const acceptance = join(workspace, 'acceptance')
  for (const entry of await readdir(workspace)) await rm(join(workspace, entry), { recursive: true, force: true })
  await mkdir(acceptance, { recursive: true })
  const entries = await readdir(testsDir, { withFileTypes: true }).catch(() => [])
  const tests = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.mjs'))
    .map(({ name }) => name)
    .sort()
  for (const name of tests) await copyFile(join(testsDir, name), join(acceptance, name))
  const programs = join(projectRoot(), 'dist')
  await copyFile(join(programs, 'harness.js'), join(acceptance, 'harness.mjs'))
  await copyFile(join(programs, 'reporter.js'), join(workspace, 'reporter.mjs'))
  await writeFile(join(acceptance, 'harness.json'), JSON.stringify(sockets))
  return tests.map((name) => `acceptance/${name}`)
}

async function readReport(workspace: string): Promise<string> {
  // A test may have put anything in its place: a pipe would be waited for without end.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const handle = await open(join(workspace, report), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null)
  if (!handle) return ''
  try {
    const stat = await handle.stat()
    if (!stat.isFile() || stat.size > gateLimits.reportBytes) return ''
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/**
 * Runs the acceptance tests with the platform's own runner in a sandbox, against an app in a sandbox of its own, and reads the
 * runner's own report.
 */
export async function runAcceptance(step: StepContext, input: GateInput): Promise<AcceptanceRun> {
  const sockets = await openSockets(input.app)
  try {
    const files = await layOut(input, { app: sockets.app, control: sockets.control })
    if (files.length === 0) return { tests: [], finished: true, reason: 'there are no acceptance tests' }
    const reporters = [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=./reporter.mjs',
      `--test-reporter-destination=${report}`,
    ]
    const command = ['node', '--test', '--test-concurrency=1', `--test-timeout=${gateLimits.testTimeoutMs}`, ...reporters, ...files]
    const result = await step.run({
      workspace: input.workspace,
      command,
      mounts: [
        { from: sockets.folder, to: sockets.folder },
        { from: join(input.workspace, 'acceptance'), to: '/workspace/acceptance' },
      ],
      timeoutMs: gateLimits.runTimeoutMs,
    })
    const parsed = parseReport(await readReport(input.workspace))
    return { ...parsed, reason: parsed.finished ? null : `the test runner ended early: ${result.outcome}` }
  } finally {
    await sockets.close()
  }
}
