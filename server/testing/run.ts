// npm test: unit and integration tests, then the browser's; the last line printed is "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir } from '@/e2e/place.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { exitStatus, sum, type Tally, tallyPlaywright, tallyVitest } from './results.ts'

const root = projectRoot()
const strict = process.argv.includes('--ci')

/** Runs one runner and counts its JSON report; none at all counts as nothing passed. */
function runner(name: string, command: string[], report: string, tally: (report: unknown) => Tally) {
  const file = join(root, report)
  rmSync(file, { force: true })
  console.log(`\n${name}`)
  const [program = '', ...args] = command
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'inherit' })
  const exitCode = status ?? 1
  try {
    return { tally: tally(JSON.parse(readFileSync(file, 'utf8'))), exitCode }
  } catch {
    return { tally: { passed: 0, failed: 0, skipped: 0 }, exitCode: exitCode || 1 }
  }
}

const vitestJson = 'test-results/vitest.json'
const parts = [
  runner(
    'Unit and integration tests',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestJson}`],
    vitestJson,
    tallyVitest,
  ),
  runner('Browser tests', ['playwright', 'test'], 'playwright-report/report.json', tallyPlaywright),
]
// Deployed services outlive their server, so the browser tests' are ended here.
spawnSync(process.execPath, ['dist/cli.js', 'stop', '--data-dir', dataDir], { cwd: root })
rmSync(dataDir, { recursive: true, force: true })

const total = sum(parts)
if (total.skipped > 0) console.log(`\n${total.skipped} skipped${strict ? ', which fails the run in CI' : ''}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = exitStatus(total, strict)
