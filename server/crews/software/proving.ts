import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { StepContext } from '@/server/builds/service.ts'
import { env } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { workFolder } from '@/server/core/paths.ts'
import { runDescriptionSchema } from '@/server/deployments/schema.ts'
import { startTrial } from '@/server/deployments/service.ts'
import { type AcceptanceRun, runAcceptance } from '@/server/gate/service.ts'
import { checkOut, exportCommit } from '@/server/worktrees/service.ts'
import { failedTestNames, unitId } from '../rules.ts'
import type { Failure } from '../schema.ts'
import { digest } from './development.ts'
import { scaffold } from './house.ts'
import { redOr, type Steps } from './stage.ts'
import type { Run } from './types.ts'

/** The one step that has a network is this one, and it reaches the package registry alone. */
const installTimeoutMs = 5 * 60_000
const unitTimeoutMs = 2 * 60_000
const keptOutput = 64 * 1024
const toldOutput = 3_000
const testsTree = 'acceptance'
const locked = digest(scaffold.map(({ content }) => content).join('\n')).slice(0, 16)

/** A folder of the build's own workspace. */
async function folder(context: StepContext, name: string): Promise<string> {
  const path = join(await context.workspace(), name)
  await mkdir(path, { recursive: true })
  return path
}

/** Copies a folder so that it is there whole or not at all; one that somebody else put there meanwhile is as good. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${to}.${randomUUID()}`
  try {
    // Some six hundred files: the program copies them in a tenth of the time that Node takes.
    await promisify(execFile)('cp', ['-R', '-P', from, draft])
    await rename(draft, to).catch((error) => {
      if (!existsSync(to)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Installs what the platform's own two files ask for, in a folder that no role ever wrote to. */
async function installAlone(context: StepContext): Promise<string> {
  const workspace = await folder(context, 'dependencies')
  for (const { path, content } of scaffold.filter((file) => /^package(-lock)?\.json$/.test(file.path)))
    await writeFile(join(workspace, path), content)
  const command = ['npm', 'ci', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error']
  await context.runOrFail({ workspace, command, timeoutMs: installTimeoutMs, network: 'registry' })
  return join(workspace, 'node_modules')
}

/** Removes what earlier versions of the platform kept, and drafts of those that were killed; a day is longer than any copy takes. */
async function forgetOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const changed = await stat(path).catch(() => null)
    if (name !== locked && changed && Date.now() - changed.mtimeMs > 86_400_000) await rm(path, { recursive: true, force: true })
  }
}

/**
 * Lays a commit out with its dependencies. They belong to the platform, are locked by digest and the same in every app, so the first
 * installation on this server is kept, where no command of a build can reach it, and copied from then on.
 */
export function install(run: Run, step: Steps, commit: string, name: string): Promise<string> {
  return step('install', 'Install dependencies', async (context) => {
    const workspace = await folder(context, name)
    await exportCommit(run.buildId, commit, workspace)
    const kept = join(workFolder(env().MAESTRO_DATA_DIR, 'modules'), locked)
    if (existsSync(kept)) context.log('the same dependencies as in the first installation on this server')
    else {
      await copyWhole(await installAlone(context), kept)
      await forgetOld(dirname(kept))
    }
    await copyWhole(kept, join(workspace, 'node_modules'))
    return workspace
  })
}

/** The end of what is heard, without colours. */
function tail() {
  let text = ''
  return {
    hear: (chunk: Buffer | string) => {
      text = (text + chunk.toString()).slice(-keptOutput)
    },
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character.
    text: () => text.replace(/\u001b\[[0-9;]*m/g, ''),
  }
}

/** An acceptance run, and the last words of the app meanwhile. */
export interface Proof extends AcceptanceRun {
  appSaid: string
}

async function withApp(run: Run, context: StepContext, sourceDir: string, testsDir: string): Promise<Proof> {
  const dataDir = await folder(context, 'data')
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(dataDir)
  const { signal } = context
  const { projectId, buildId } = run
  const app = await startTrial(projectId, { key: buildId, buildId, sourceDir, run: runDescriptionSchema.parse({}), dataDir, signal })
  const said = tail()
  const silence = app.onOutput((text) => {
    said.hear(text)
    context.log(text.trimEnd().replace(/^/gm, 'app | '))
  })
  try {
    const proof = await runAcceptance(context, { testsDir, workspace: await folder(context, 'gate'), app })
    return { ...proof, appSaid: said.text().slice(-toldOutput) }
  } finally {
    silence()
    await app.stop()
  }
}

/**
 * Runs the acceptance tests of a commit against the app in `sourceDir`.
 * @throws AppError UNAVAILABLE with the app's last words where the app does not start
 */
export async function accept(run: Run, context: StepContext, sourceDir: string, testsCommit: string): Promise<Proof> {
  const tree = await checkOut(run.buildId, testsTree, testsCommit)
  return withApp(run, context, sourceDir, join(tree, 'acceptance'))
}

/** The same for an app that somebody wrote: one that does not start fails them all. */
export async function acceptOrFail(run: Run, context: StepContext, sourceDir: string, testsCommit: string): Promise<Proof> {
  try {
    return await accept(run, context, sourceDir, testsCommit)
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isAppError(error)) throw error
    context.log(error.message)
    return { tests: [], finished: false, reason: error.message, appSaid: '' }
  }
}

/**
 * The app's own unit tests; red ones go back to the developers like any other failure. What they write into the app's folder would
 * be tested and deployed, so they cannot.
 */
export function unitTests(step: Steps, workspace: string): Promise<{ failure: Failure; signature: string } | null> {
  return redOr(step, 'unit', 'Unit tests of the app', async (context) => {
    const said = tail()
    const command = { workspace, command: ['npm', 'test'], timeoutMs: unitTimeoutMs, readOnly: true, hear: said.hear }
    const result = await context.run(command)
    if (result.exitCode === 0) return { value: null, red: null }
    const words = `npm test ended with ${result.exitCode ?? result.outcome}`
    const failure = { id: unitId, text: 'npm test passes', message: `${words}\n${said.text().slice(-toldOutput)}` }
    return { value: { failure, signature: [words, ...failedTestNames(said.text())].join('\n') }, red: words }
  })
}
