import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sandboxPath } from '@/server/core/sandbox.ts'
import { directRegistryEnv } from '../registry/access.ts'
import { killMarked, markerName } from './processes.ts'
import { shellCommand } from './shell.ts'
import { supervise } from './supervise.ts'
import type { Executor, RunSpec } from './types.ts'
import { cacheFolder, giveToNobody, isRoot, nobody, prepareWorkspace, removeScratch, removeWorkspace, scratchFolder } from './workspaces.ts'

async function environment(dataDir: string, spec: RunSpec, scratch: string): Promise<Record<string, string>> {
  const env = { PATH: sandboxPath(), HOME: scratch, TMPDIR: scratch, LANG: 'C.UTF-8', CI: 'true', [markerName]: spec.key }
  if (spec.network !== 'registry') return { ...env, ...spec.env, [markerName]: spec.key }
  const cache = spec.cache ? await cacheFolder(dataDir, spec.cache) : join(scratch, 'npm')
  await mkdir(cache, { recursive: true })
  if (isRoot()) await giveToNobody(cache)
  return { ...env, npm_config_cache: cache, ...(await directRegistryEnv()), ...spec.env, [markerName]: spec.key }
}

// A sandbox ends with the server by itself; plain processes have to be taken along.
const running = new Set<() => void>()
let hooked = false
function endWithServer(kill: () => void): () => void {
  if (!hooked) process.once('exit', () => running.forEach((end) => void end()))
  hooked = true
  running.add(kill)
  return () => void running.delete(kill)
}

/**
 * Runs commands as plain processes with a cleared environment: only for code that is ours. Limits on time, output and the
 * sum of memory hold; files and network of the machine are not shut off. Root hands over to `nobody`.
 */
export function processExecutor(dataDir: string): Executor {
  return {
    name: 'process',
    // An empty folder is given away at once; for a full one it takes a program.
    prepare: (workspaceId) => prepareWorkspace(dataDir, workspaceId, isRoot() ? nobody : undefined),
    cleanUp: (workspaceId) => removeWorkspace(dataDir, workspaceId),
    cancel: (key) => killMarked(key),
    trial: async () => ({ ok: true }),
    async run(spec, onOutput, signal) {
      const scratch = await scratchFolder(dataDir)
      try {
        if (isRoot() && !spec.readOnly) await giveToNobody(spec.workspace)
        const env = await environment(dataDir, spec, scratch)
        const identity = isRoot() ? { uid: nobody, gid: nobody } : {}
        const [program = '', ...args] = shellCommand(spec.command)
        const child = spawn(program, args, {
          cwd: spec.workspace,
          // The type of an environment wants a mode, which a cleared one has not.
          env: env as NodeJS.ProcessEnv,
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true,
          ...identity,
        })
        const kill = () => {
          try {
            if (child.pid) process.kill(-child.pid, 'SIGKILL')
          } catch {
            // The group is empty.
          }
        }
        const forget = endWithServer(kill)
        const result = await supervise(child, { spec, onOutput, signal, kill }, false)
        forget()
        // What left the group is found by what it carries; a command that ended well within its time seldom has any.
        if (result.outcome !== 'exited') await killMarked(spec.key)
        return result
      } finally {
        await removeScratch(scratch)
      }
    },
  }
}
