import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'

let works: Promise<boolean> | undefined

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
 * How apps are run here: in a sandbox where one works; without one only where the code comes from the demo model, which is ours, or the operator
 * said so.
 * @throws AppError UNAVAILABLE
 */
export async function chooseLauncher(): Promise<'sandbox' | 'process'> {
  works ??= sandboxWorks()
  if (await works) return 'sandbox'
  if (registry('model').demo || env().MAESTRO_UNSAFE_EXECUTOR) return 'process'
  throw new AppError('UNAVAILABLE', 'No sandbox works on this machine, so generated apps are not run: install bubblewrap.')
}
