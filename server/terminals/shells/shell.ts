import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { projectRoot, workFolder } from '@/server/core/paths.ts'
import { type SandboxLimits, spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import { programs } from '@/server/deployments/service.ts'
import type { Shell, Size } from './types.ts'

/** What one terminal may use. */
const limits: Partial<SandboxLimits> = { memoryMb: 1_024, processes: 256, openFiles: 1_024, tmpMb: 256 }
const packageFolder = '@lydell'

interface Options {
  directory: string
  /** The largest file it may write, in megabytes. */
  fileMb: number
  size: Size
  onOutput(data: Buffer): void
  onExit(exitCode: number | null): void
  /** Hears of its process, and gives what is to be called at its end. */
  onStart(pid: number | undefined): () => void
}

/** An interactive shell of the inside: bash where there is one. */
function shellCommand(): { command: string[]; prompt: string } {
  if (!existsSync('/bin/bash')) return { command: ['/bin/sh', '-i'], prompt: '$ ' }
  return { command: ['/bin/bash', '--norc', '--noprofile', '-i'], prompt: '\\[\\e[1;32m\\]\\w\\[\\e[0m\\] \\$ ' }
}

function message(kind: 'i' | 'r', content: string): Buffer {
  const bytes = Buffer.from(content)
  const head = Buffer.alloc(5)
  head.write(kind, 'latin1')
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** Starts a shell in a sandbox of its own: no network, nothing of this machine but one folder. It ends with this process, however that ends. */
export async function startShell({ directory, fileMb, size, onOutput, onExit, onStart }: Options): Promise<Shell> {
  const { terminal } = await programs()
  const { command, prompt } = shellCommand()
  const child = spawnSandbox(
    {
      etcDir: writeEtc(workFolder(env().MAESTRO_DATA_DIR, 'sandbox-etc')),
      workspace: { path: directory },
      mounts: [
        { from: terminal, to: '/run/terminal.mjs' },
        { from: join(projectRoot(), 'node_modules', packageFolder), to: `/run/node_modules/${packageFolder}` },
      ],
      env: { TERM: 'xterm-256color', COLORTERM: 'truecolor', PS1: prompt, npm_config_update_notifier: 'false' },
      limits: { ...limits, fileMb },
      command: ['node', '/run/terminal.mjs', String(size.cols), String(size.rows), ...command],
    },
    { stdio: ['pipe', 'pipe', 'ignore'] },
  )
  const ended = onStart(child.pid)
  let over = false
  const finish = (exitCode: number | null) => {
    ended()
    if (!over) onExit(exitCode)
    over = true
  }
  child.on('error', () => finish(null))
  // Its output may be held back at its end; whoever waits for `close` would wait for a reader that is gone.
  child.on('exit', (code) => {
    child.stdout?.resume()
    setImmediate(() => finish(code))
  })
  child.stdin?.on('error', () => undefined)
  child.stdout?.on('data', onOutput)
  return {
    write: (data) => void child.stdin?.write(message('i', data)),
    resize: (to) => void child.stdin?.write(message('r', JSON.stringify(to))),
    pause: () => void child.stdout?.pause(),
    resume: () => void child.stdout?.resume(),
    kill: () => void child.kill('SIGKILL'),
  }
}
