import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { env, environmentWith } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { projectRoot, workFolder } from '@/server/core/paths.ts'
import { nodePrefix } from '@/server/core/sandbox.ts'
import { installBytes, packageName, pinnedVersion, type Sdk } from './types.ts'

export const folderName = `claude-code-${pinnedVersion}`
const enginesFolder = () => workFolder(env().MAESTRO_DATA_DIR, 'engines')
const target = () => join(enginesFolder(), folderName)
const draft = () => join(enginesFolder(), `.${folderName}`)
const failureFile = () => join(enginesFolder(), `${folderName}.failed`)
/** Whoever installs says so that often; one that has been silent for longer has ended. */
const beatMs = 2_000
const silentMs = 15_000
const installMs = 30 * 60_000
const mostWords = 4_000

const packageIn = (folder: string) => join(folder, 'node_modules', ...packageName.split('/'))
const versionSchema = z.object({ version: z.string() })

/** Whether the version that we know lies in a folder, whole enough to say so. */
export function hasPinned(folder: string): boolean {
  try {
    return versionSchema.parse(JSON.parse(readFileSync(join(packageIn(folder), 'package.json'), 'utf8'))).version === pinnedVersion
  } catch {
    return false
  }
}

/** Where the package lies: in the data directory, or beside this program for whoever put it there; null where nowhere. */
export const installedAt = (): string | null => [target(), projectRoot()].find(hasPinned) ?? null

/** Loads the package. @throws Error where it is not there */
export async function loadSdk(): Promise<Sdk> {
  const folder = installedAt()
  if (!folder) throw new Error('Claude Code is not installed.')
  const url = pathToFileURL(join(packageIn(folder), 'sdk.mjs')).href
  return (await import(/* turbopackIgnore: true */ /* webpackIgnore: true */ url)) as Sdk
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .map((entry) => (entry.isFile() ? stat(join(entry.parentPath, entry.name)).then(({ size }) => size) : 0))
      .map((size) => Promise.resolve(size).catch(() => 0)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** How far an installation has come; `failed` are the last one's words, where it came to nothing. */
interface InstallState {
  installed: boolean
  installing: boolean
  bytes: number
  expectedBytes: number
  failed: string | null
}

/** Reads it from the disk: whoever asks need not be the process that installs. */
export async function installState(): Promise<InstallState> {
  const expectedBytes = installBytes
  if (installedAt()) return { installed: true, installing: false, bytes: expectedBytes, expectedBytes, failed: null }
  const beat = await stat(draft()).catch(() => null)
  const installing = beat !== null && Date.now() - beat.mtimeMs < silentMs
  const failed = installing ? null : await readFile(failureFile(), 'utf8').catch(() => null)
  return { installed: false, installing, bytes: installing ? Math.min(await sizeOf(draft()), expectedBytes) : 0, expectedBytes, failed }
}

/** npm finds its way by these; nothing else of the server's environment is its business. */
const passedOn = /^(?:PATH|HOME|TMPDIR|LANG|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|npm_config_.*)$/i
const npmEnvironment = () => ({
  NODE_ENV: 'production' as const,
  ...Object.fromEntries(Object.entries(environmentWith({})).filter(([name]) => passedOn.test(name))),
})

/** No script of a package runs: what is installed is started in a sandbox alone. */
function npmInstall(folder: string): Promise<void> {
  const npm = join(nodePrefix(), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const options = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error']
  const args = [npm, ...options, `${packageName}@${pinnedVersion}`]
  return new Promise((resolve, reject) => {
    let words = ''
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: npmEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: installMs,
    })
    child.stderr.on('data', (chunk: Buffer) => {
      words = `${words}${chunk}`.slice(-mostWords)
    })
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(words.trim() || `npm ended with ${code}.`))))
  })
}

async function install(): Promise<void> {
  const folder = draft()
  const beat = setInterval(() => void utimes(folder, new Date(), new Date()).catch(() => undefined), beatMs)
  try {
    await writeFile(join(folder, 'package.json'), '{"private":true}')
    await npmInstall(folder)
    if (!hasPinned(folder)) throw new Error('npm brought another version than the one that was asked for.')
    await rm(target(), { recursive: true, force: true })
    await rename(folder, target())
  } catch (error) {
    await writeFile(failureFile(), error instanceof Error ? error.message : String(error))
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    clearInterval(beat)
  }
}

/**
 * Begins to install the package where that is not done or under way; `installState` tells how it goes.
 * @throws AppError where another process is at it
 */
export async function startInstall(): Promise<InstallState> {
  const { installed, installing } = await installState()
  if (installed || installing) return installState()
  await rm(draft(), { recursive: true, force: true })
  await rm(failureFile(), { force: true })
  try {
    await mkdir(draft())
  } catch {
    throw new AppError('CONFLICT', 'It is being installed already.', undefined, { key: 'engineInstalling' })
  }
  void install().catch((err) => logger.warn({ err }, 'Claude Code could not be installed'))
  return installState()
}
