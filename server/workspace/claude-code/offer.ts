import { audited } from '@/server/audit/service.ts'
import type { Act } from '@/server/core/gates.ts'
import type { EngineInstall } from '../schema.ts'
import { installState, startInstall } from './install.ts'
import { pinnedVersion } from './types.ts'

/** How far the installation has come. Why one failed tells of the server's surroundings: that is for administrators. */
export async function engineInstall(admin: boolean): Promise<EngineInstall> {
  const state = await installState()
  return { ...state, failed: state.failed !== null && !admin ? '' : state.failed, mayInstall: admin }
}

/** Begins the installation for an administrator, and writes down who did. @throws AppError CONFLICT where another process has just begun */
export async function installEngine(act: Act): Promise<EngineInstall> {
  const before = await installState()
  if (before.installed || before.installing) return engineInstall(true)
  const target = { type: 'platform', id: 'claude-code', label: `Claude Code (${pinnedVersion})` } as const
  await audited(act, { action: 'engine.installed', target }, async () => {
    await startInstall()
  })
  return engineInstall(true)
}
