import type { ChildProcess } from 'node:child_process'
import { env } from '@/server/core/env.ts'
import { logger } from '@/server/core/logger.ts'
import { workFolder } from '@/server/core/paths.ts'
import { type SandboxProfile, sandboxPath, spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import { countHeld, withheldPaths } from '@/server/files/service.ts'
import type { EngineRun } from '../engines/types.ts'
import type { Gateway } from './gateway.ts'
import { inside, type Spawned, type SpawnRequest } from './types.ts'

/** For the program and for each command that it runs; the program itself needs about one of these gigabytes. */
const limits = { memoryMb: 3_072, processes: 256, openFiles: 4_096, tmpMb: 256, fileMb: 512 }
const mostSaid = 4_000
/** Commands that last longer are ended by the program. */
const commandMs = 600_000

/** The program's whole environment: the socket it reaches the model by, and that it does nothing else than what it is asked. */
function environment({ token }: Gateway, { config }: EngineRun): Record<string, string> {
  const model = config.model
  return {
    PATH: sandboxPath(),
    HOME: inside.home,
    SHELL: '/bin/bash',
    TERM: 'dumb',
    ANTHROPIC_UNIX_SOCKET: inside.socket,
    ANTHROPIC_BASE_URL: 'http://localhost',
    ANTHROPIC_AUTH_TOKEN: token,
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(config.maxTokens),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
    ENABLE_TOOL_SEARCH: 'false',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    BASH_MAX_TIMEOUT_MS: String(commandMs),
  }
}

/** Starts the program for a run, in a sandbox without network that sees the session's folder and the run's socket alone. */
export async function makeLauncher(run: EngineRun, gateway: Gateway) {
  const hidden = await withheldPaths(run.spaceId, run.sessionId, run.denyPaths)
  const started: ChildProcess[] = []
  let said = ''
  return {
    /** The end of what it said beside its messages. */
    complaints: () => said.trim(),
    spawn({ command, args, env: given }: SpawnRequest): Spawned {
      const passed = Object.entries(given).flatMap(([name, value]) => (name.startsWith('CLAUDE_') && value ? [[name, value]] : []))
      const profile: SandboxProfile = {
        etcDir: writeEtc(workFolder(env().MAESTRO_DATA_DIR, 'sandbox-etc')),
        workspace: { path: run.directory },
        hidden: hidden.map((path) => `${inside.folder}/${path}`),
        mounts: [
          { from: command, to: inside.program },
          { from: gateway.path, to: inside.socket },
        ],
        env: { ...Object.fromEntries(passed), ...environment(gateway, run) },
        limits,
        command: ['/bin/sh', '-c', 'mkdir -p "$HOME" && exec "$@"', 'sh', inside.program, ...args],
      }
      const child = spawnSandbox(profile, { stdio: ['pipe', 'pipe', 'pipe'] })
      child.stderr?.on('data', (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-mostSaid)
      })
      child.once('exit', countHeld(run.spaceId, run.sessionId, child.pid))
      child.once('error', (err) => logger.warn({ err, runId: run.runId }, 'Claude Code did not start'))
      started.push(child)
      // Whatever it is asked with, the end of bubblewrap is the end of the whole tree.
      const kill = child.kill.bind(child)
      child.kill = () => kill('SIGKILL')
      return child as unknown as Spawned
    },
    end(): void {
      for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
    },
  }
}
