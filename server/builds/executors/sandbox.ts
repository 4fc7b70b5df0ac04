import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workFolder } from '@/server/core/paths.ts'
import { type SandboxProfile, spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import { registryAccess } from '../registry/access.ts'
import { forwarderCommand } from '../registry/forwarder.ts'
import type { RegistryAccess } from '../registry/types.ts'
import { killMarked, markerName } from './processes.ts'
import { shellCommand } from './shell.ts'
import { supervise } from './supervise.ts'
import type { Executor, RunSpec } from './types.ts'
import { cacheFolder, prepareWorkspace, removeWorkspace } from './workspaces.ts'

async function withRegistry(profile: SandboxProfile, spec: RunSpec, dataDir: string, access: RegistryAccess): Promise<SandboxProfile> {
  const mounts = [...(profile.mounts ?? []), ...access.mounts]
  const env = { ...access.env, ...profile.env }
  if (spec.cache) {
    mounts.push({ from: await cacheFolder(dataDir, spec.cache), to: '/cache', writable: true })
    env.npm_config_cache = '/cache'
  }
  return { ...profile, mounts, env, command: forwarderCommand(profile.command) }
}

async function profileOf(spec: RunSpec, etcDir: string, dataDir: string): Promise<SandboxProfile> {
  const profile: SandboxProfile = {
    etcDir,
    workspace: { path: spec.workspace, readOnly: spec.readOnly ?? false },
    mounts: spec.mounts ?? [],
    hidden: spec.hidden ?? [],
    env: { CI: 'true', ...spec.env },
    limits: spec.limits ?? {},
    command: shellCommand(spec.command),
  }
  return spec.network === 'registry' ? withRegistry(profile, spec, dataDir, await registryAccess(dataDir)) : profile
}

/** Why the sandbox does not work here, from what a trial said. */
function refusal(error: NodeJS.ErrnoException | undefined, stderr: string): string {
  if (error?.code === 'ENOENT') return 'bubblewrap (bwrap) is not installed'
  return `bubblewrap cannot make a sandbox on this machine (${(error?.message ?? stderr.trim()).slice(0, 200) || 'no reason given'})`
}

/** Runs commands in bubblewrap: no network, nothing of the host but what the run names. */
export function sandboxExecutor(dataDir: string): Executor {
  const etcDir = () => writeEtc(workFolder(dataDir, 'sandbox-etc'))
  return {
    name: 'sandbox',
    prepare: (workspaceId) => prepareWorkspace(dataDir, workspaceId),
    cleanUp: (workspaceId) => removeWorkspace(dataDir, workspaceId),
    cancel: (key) => killMarked(key),
    async run(spec, onOutput, signal) {
      const profile = await profileOf(spec, etcDir(), dataDir)
      const child = spawnSandbox(profile, { stdio: ['ignore', 'pipe', 'pipe'], marker: { [markerName]: spec.key } })
      const result = await supervise(child, { spec, onOutput, signal, kill: () => void child.kill('SIGKILL') }, true)
      // A bubblewrap that is killed while it sets itself up leaves its first child behind, which then waits for ever.
      if (result.outcome !== 'exited') await killMarked(spec.key)
      return result
    },
    async trial() {
      if (process.platform !== 'linux') return { ok: false, reason: 'the sandbox needs Linux' }
      const found = spawnSync('bwrap', ['--version'], { encoding: 'utf8' })
      if (found.error) return { ok: false, reason: refusal(found.error, '') }
      const workspace = await mkdtemp(join(tmpdir(), 'maestro-trial-'))
      let said = ''
      const spec: RunSpec = { key: `trial-${process.pid}`, workspace, command: ['node', '-e', 'console.log(6 * 7)'], timeoutMs: 20_000 }
      try {
        const { outcome, detail } = await this.run(spec, (chunk) => {
          said += chunk
          return undefined
        })
        if (outcome === 'exited' && said.trim() === '42') return { ok: true }
        return { ok: false, reason: refusal(undefined, detail ?? said) }
      } finally {
        await rm(workspace, { recursive: true, force: true })
      }
    },
  }
}
