import { afterAll, beforeAll } from 'vitest'
import type { startRunner } from '@/server/workspace/service.ts'
import { type WorkspaceWorld, workspaceWorld } from './workspace-world.ts'

type Runner = ReturnType<typeof startRunner>

/** A workspace world for a test file whose runner answers what is said; a test that ends the runner puts another one in its place. */
export type WorkspaceStage = WorkspaceWorld & { runner: Runner }

/**
 * The world of a test file: there from its first test on, gone after its last.
 * @param start makes the runner; `world.startRunner` where it is left out, null for tests that start their own
 */
export function workspaceStage(start?: ((world: WorkspaceWorld) => Runner) | null): WorkspaceStage {
  const stage = {} as WorkspaceStage
  beforeAll(async () => {
    Object.assign(stage, await workspaceWorld())
    if (start !== null) stage.runner = start ? start(stage) : stage.startRunner()
  })
  afterAll(async () => {
    await stage.runner?.stop()
    await stage.stop()
  })
  return stage
}
