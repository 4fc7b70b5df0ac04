import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'

/** A machine on which a sandbox worked keeps it; one on which none did is asked again, since somebody may have installed it. */
let worked = false

/** Whether a sandbox really starts here; that its program is installed does not say so. */
async function sandboxWorks(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'maestro-trial-'))
  try {
    const profile = { etcDir: writeEtc(dir), env: {}, command: ['node', '--version'] }
    const child = spawnSandbox(profile, { stdio: ['ignore', 'ignore', 'ignore'] })
    return await new Promise((resolve) => {
      child.on('error', () => resolve(false))
      child.on('exit', (code) => resolve(code === 0))
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/**
 * How an app is run here: in a sandbox where one works; without one only where its code is the demo model's, which is ours, or the operator
 * said so.
 * @param isOurs asked only where no sandbox works
 * @throws AppError UNAVAILABLE
 */
export async function chooseLauncher(isOurs: () => Promise<boolean>): Promise<'sandbox' | 'process'> {
  worked ||= await sandboxWorks()
  if (worked) return 'sandbox'
  if (env().MAESTRO_UNSAFE_EXECUTOR || (await isOurs())) return 'process'
  throw new AppError('UNAVAILABLE', 'No sandbox works on this machine, so generated apps are not run: install bubblewrap.')
}
