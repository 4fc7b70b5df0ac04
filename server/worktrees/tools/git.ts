import { spawn } from 'node:child_process'
import type { Place } from './types.ts'

const timeoutMs = 60_000
const outputBytes = 64 * 1024 * 1024

// The platform's own git never runs what a tree brings along: no hooks, filters, monitors, other protocols, or configuration
// of the machine; links are written as plain files.
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.symlinks=false',
  'core.autocrlf=false',
  'core.attributesFile=/dev/null',
  'protocol.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'diff.external=',
].flatMap((setting) => ['-c', setting])

/** How one git command went. */
export interface GitOutcome {
  status: number
  stdout: Buffer
  stderr: string
}

export interface GitOptions {
  tree?: string
  index?: string
  input?: string
  /** Milliseconds since the epoch, for commits. */
  at?: number
}

function environment(place: Place, { tree, index, at }: GitOptions): NodeJS.ProcessEnv {
  const date =
    at === undefined ? {} : { GIT_AUTHOR_DATE: `@${Math.floor(at / 1000)} +0000`, GIT_COMMITTER_DATE: `@${Math.floor(at / 1000)} +0000` }
  return {
    NODE_ENV: 'production',
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_AUTHOR_NAME: 'Maestro',
    GIT_AUTHOR_EMAIL: 'crew@maestro.localhost',
    GIT_COMMITTER_NAME: 'Maestro',
    GIT_COMMITTER_EMAIL: 'crew@maestro.localhost',
    GIT_DIR: place.gitDir,
    ...(tree ? { GIT_WORK_TREE: tree } : {}),
    ...(index ? { GIT_INDEX_FILE: index } : {}),
    ...date,
  }
}

/**
 * Runs git on a build's repository and resolves with how it went, whatever its status.
 * @throws Error where git cannot be started, runs over a minute or prints over 64 MB
 */
export function tryGit(place: Place, args: string[], options: GitOptions = {}): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...settings, ...args], {
      env: environment(place, options),
      cwd: options.tree ?? place.treesDir,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let size = 0
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > outputBytes) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 4096) stderr += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === null) reject(new Error(`git ${args[0]} was ended: it took too long or printed too much`))
      else resolve({ status, stdout: Buffer.concat(chunks), stderr })
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/** Runs git and gives what it printed; any status but 0 is an error with git's own words. */
export async function git(place: Place, args: string[], options: GitOptions = {}): Promise<string> {
  const outcome = await tryGit(place, args, options)
  if (outcome.status !== 0) throw new Error(`git ${args[0]} failed: ${outcome.stderr.trim().slice(0, 500)}`)
  return outcome.stdout.toString().trim()
}
