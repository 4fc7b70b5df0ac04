import { lstat, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type ReadEntry } from 'tar'
import { latestArtifact, putArtifact } from '@/server/artifacts/service.ts'
import { BuildEnded, closeStage, openStage, planStages, runStep, type StepContext, StepFailure } from '@/server/builds/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { deploy } from '@/server/deployments/service.ts'
import { pagesRecipe, type Recipe, recipeOf } from '../rules.ts'
import { sourceName } from '../schema.ts'
import { staticServer, staticServerName } from './static-server.ts'
import { places, type Run, type StagePlace } from './types.ts'

const installTimeoutMs = 15 * 60_000
const scriptTimeoutMs = 20 * 60_000

/** One step in a stage of its own. False where it ended the build in an ordinary way: the reason stands with the step. */
async function stage<T>({ projectId, buildId }: Run, place: StagePlace, work: (context: StepContext) => Promise<T>): Promise<T | false> {
  await openStage(projectId, buildId, place)
  try {
    const value = await runStep(projectId, buildId, { stageKey: place.key, key: '1', name: place.name, announce: false }, work)
    await closeStage(projectId, buildId, place.key)
    return value
  } catch (error) {
    if (!(error instanceof StepFailure || error instanceof BuildEnded)) throw error
    await closeStage(projectId, buildId, place.key)
    return false
  }
}

async function sourceOf({ projectId }: Run, context: StepContext): Promise<Buffer> {
  try {
    const found = await latestArtifact(projectId, sourceName)
    return found?.bytes ?? context.fail('The files of this project are not kept any more.')
  } catch (error) {
    if (isAppError(error)) return context.fail('The files of this project cannot be opened.')
    throw error
  }
}

/** Plain files and folders alone: a link could lead whatever is written through it elsewhere. */
const isPlain = (_: string, entry: unknown) => ['File', 'Directory'].includes((entry as ReadEntry).type)

async function recipeIn(folder: string): Promise<Recipe | null> {
  const path = join(folder, 'package.json')
  const stat = await lstat(path).catch(() => null)
  const page = await lstat(join(folder, 'index.html')).catch(() => null)
  if (!stat) return page?.isFile() ? pagesRecipe : null
  if (!stat.isFile() || stat.size > 1024 * 1024) return null
  const lock = await lstat(join(folder, 'package-lock.json')).catch(() => null)
  return recipeOf(await readFile(path, 'utf8'), lock?.isFile() ?? false)
}

/** The stages that a recipe asks for, in order. */
export const stagesOf = (recipe: Recipe): StagePlace[] => [
  ...(recipe.install ? [places.install] : []),
  ...(recipe.build ? [places.build] : []),
  ...(recipe.test ? [places.test] : []),
  ...(recipe.start ? [places.deployment] : []),
]

/** What is going to be done, for the console. */
function toldOf(recipe: Recipe | null): string {
  if (!recipe) return 'there is no package.json that says how this is built: the files are kept, nothing else is done'
  if (recipe.pages) return 'there is no package.json, but an index.html: the files are served as they are'
  const names = stagesOf(recipe).map(({ name }) => name.toLowerCase())
  return names.length > 0 ? `package.json asks for: ${names.join(', ')}` : 'package.json asks for nothing: the files are kept'
}

/** Lays the project's files out in the build's folder, keeps them with the build, and finds out how they are built. */
export async function layOut(run: Run, number: number): Promise<Recipe | null | false> {
  const found = await stage(run, places.source, async (context) => {
    const bytes = await sourceOf(run, context)
    const folder = await context.workspace()
    await pipeline(
      Readable.from([bytes]),
      extract({ cwd: folder, filter: isPlain, preserveOwner: false }) as unknown as NodeJS.WritableStream,
    )
    const { projectId, buildId } = run
    await putArtifact(projectId, { buildId, stageKey: places.source.key, name: sourceName, mediaType: 'application/gzip', bytes })
    const recipe = await recipeIn(folder)
    context.log(toldOf(recipe))
    return { recipe }
  })
  if (!found) return false
  if (found.recipe) await planStages(run.projectId, { buildId: run.buildId, number }, stagesOf(found.recipe))
  return found.recipe
}

const command = (run: Run, place: StagePlace, script: string, network: 'none' | 'registry', timeoutMs: number) =>
  stage(run, place, async (context) => {
    await context.runOrFail({ command: script, network, timeoutMs })
    return true
  })

/** Installs what the files depend on, from the configured registry alone. */
export const install = (run: Run, locked: boolean) =>
  command(run, places.install, `npm ${locked ? 'ci' : 'install'} --no-audit --no-fund`, 'registry', installTimeoutMs)
export const build = (run: Run) => command(run, places.build, 'npm run build', 'none', scriptTimeoutMs)
export const test = (run: Run) => command(run, places.test, 'npm test', 'none', scriptTimeoutMs)

const monitoring = {
  probe: { path: '/', intervalMs: 5_000, timeoutMs: 2_000 },
  thresholds: { cpu: 0.8, memory: 0.85, errorRate: 0.05 },
}

/** Puts the app behind the project's name, as any other service; a version that does not answer leaves the one before in use. */
export const release = (run: Run, pages: boolean) =>
  stage(run, places.deployment, async (context) => {
    const sourceDir = await context.workspace()
    if (pages) await writeFile(join(sourceDir, staticServerName), staticServer)
    context.log('starting the new version; it must answer 5 probes over 10 s at /')
    const { projectId, buildId } = run
    const start = pages ? ['node', staticServerName] : ['npm', 'start']
    const description = { start, healthPath: '/', memoryMb: 512, env: {} }
    const { status, reason } = await deploy(projectId, { buildId, sourceDir, run: description, monitoring, signal: context.signal })
    if (status !== 'HEALTHY') context.fail(reason ?? 'The new version did not become healthy.')
    context.log('the new version is in use')
    return true
  })
