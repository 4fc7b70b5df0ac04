import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { dataDir } from './place.ts'

/** Deployed services outlive their server, and a server that a test started again outlives the run: both end here. */
export default function teardown(): void {
  spawnSync(process.execPath, [join(import.meta.dirname, '..', 'dist', 'cli.js'), 'stop', '--data-dir', dataDir], { stdio: 'inherit' })
}
