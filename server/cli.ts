import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { request } from 'node:http'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type BuildView, buildViewSchema, finalStatuses, jobSchema, type StageView } from './builds/schema.ts'
import { keys, keysUsage } from './cli-keys.ts'
import { parseFlags, print, UsageError } from './core/command-line.ts'
import { callServer } from './core/control.ts'
import { adminEmails, env } from './core/env.ts'
import { isAppError } from './core/errors.ts'
import { endServer, ensureServer, LaunchError } from './core/launch.ts'
import { directoryHash, projectRoot } from './core/paths.ts'
import { signal } from './core/process.ts'
import { serviceViewSchema } from './deployments/schema.ts'
import { stopAll as stopServices } from './deployments/service.ts'
import { stopPostgres } from './embedded/postgres/postgres.ts'
import { createProjectOutput, type Issue, projectSchema } from './projects/schema.ts'
import { readIssueSource } from './projects/service.ts'

const usage = `npm run demo -- [--issue <file or GitHub issue URL>] [--port <number>] [--data-dir <directory>] [--once] [--json]
npm run stop -- [--data-dir <directory>]
${keysUsage}`
const pollMs = 150

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

interface DemoOptions {
  issue: string
  port: number
  dataDir: string
  once: boolean
  json: boolean
}

function demoOptions(args: string[]): DemoOptions {
  const { values } = parseFlags(args, {
    issue: { type: 'string', default: join(projectRoot(), 'public', 'samples', 'bookmarks.json') },
    port: { type: 'string', default: String(env().PORT) },
    'data-dir': { type: 'string', default: env().MAESTRO_DATA_DIR },
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535)
    throw new UsageError(`--port takes a number from 1 to 65535, not "${values.port}".`)
  if (!values['data-dir']) throw new UsageError('--data-dir takes a directory.')
  return { issue: values.issue, port, dataDir: resolve(values['data-dir']), once: values.once, json: values.json }
}

/** What is asked of the server, and the issue as it will read it. */
async function readIssue(from: string): Promise<{ source: unknown; issue: Issue }> {
  let source: Parameters<typeof readIssueSource>[0]
  if (/^https?:\/\//.test(from)) source = { type: 'url', url: from }
  else {
    try {
      source = { type: 'file', name: basename(from), content: readFileSync(from, 'utf8') }
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message
      throw new UsageError(`The issue ${from} cannot be read: ${why}.`)
    }
  }
  try {
    return { source, issue: await readIssueSource(source) }
  } catch (error) {
    if (!isAppError(error)) throw error
    const words = `The issue ${from} cannot be used: ${error.message}`
    throw error.code === 'BAD_REQUEST' || error.code === 'TOO_LARGE' ? new UsageError(words) : new LaunchError(words)
  }
}

/** A new project, or a new build of the one that was made of the very same issue. */
async function requestBuild(dataDir: string, issue: Issue, source: unknown): Promise<{ service: string; build: number }> {
  // Of many projects the list names the newest alone; the title's beginning finds the others.
  const search = Array.from(issue.title).slice(0, 40).join('')
  const jobs = z.array(jobSchema).parse(await callServer(dataDir, 'builds.jobs', { search }))
  for (const { service } of jobs.filter(({ title }) => title === issue.title)) {
    const { issue: known } = projectSchema.parse(await callServer(dataDir, 'projects.get', { service }))
    if (known.body !== issue.body || known.url !== issue.url) continue
    const started = await callServer(dataDir, 'builds.start', { service, requestId: randomUUID() })
    return { service, build: z.object({ number: z.number() }).parse(started).number }
  }
  return createProjectOutput.parse(await callServer(dataDir, 'projects.create', { requestId: randomUUID(), source }))
}

const marks: Partial<Record<StageView['status'], string>> = { SUCCESS: '✓', UNSTABLE: '!', FAILURE: '✗', ABORTED: '■', NOT_BUILT: '-' }

function printStage(stage: StageView): void {
  const took = stage.startedAt && stage.endedAt ? seconds(Date.parse(stage.endedAt) - Date.parse(stage.startedAt)) : ''
  const name = stage.branch && stage.branch.toLowerCase() !== stage.name.toLowerCase() ? `${stage.name} (${stage.branch})` : stage.name
  print(`  ${marks[stage.status] ?? '?'} ${name.padEnd(40)} ${took.padStart(8)}${stage.reason ? `  ${stage.reason}` : ''}`)
}

/** Follows a build to its end and prints each stage when it ends. */
async function follow(dataDir: string, service: string, number: number): Promise<BuildView> {
  const printed = new Set<string>()
  for (;;) {
    const build = buildViewSchema.parse(await callServer(dataDir, 'builds.get', { service, number }))
    const over = finalStatuses.includes(build.status)
    for (const stage of build.stages) {
      // Between two steps a stage looks as if it were over; it is when it is closed.
      if (printed.has(stage.key) || !stage.endedAt || !finalStatuses.includes(stage.status)) continue
      printed.add(stage.key)
      printStage(stage)
    }
    if (over) return build
    await delay(pollMs)
  }
}

/** Whether the app answers a browser's request. Node does not resolve `*.localhost`, so the name goes into the header. */
function answers(url: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const call = request({ host: '127.0.0.1', port, path: '/', headers: { host: new URL(url).host }, timeout: 5_000 }, (response) => {
      response.resume()
      done((response.statusCode ?? 500) < 400)
    })
    call.on('timeout', () => call.destroy()).on('error', () => done(false))
    call.end()
  })
}

async function run(options: DemoOptions): Promise<number> {
  const { source, issue } = await readIssue(options.issue)
  const server = await ensureServer(options)
  print(`Maestro ${server.started ? 'runs' : 'already runs'} at ${server.url}`)
  for (const line of server.notices) print(line)
  const { service, build: number } = await requestBuild(options.dataDir, issue, source)
  print(`"${issue.title}" becomes the service ${service}, build ${number}`)
  const build = await follow(options.dataDir, service, number)
  const view = serviceViewSchema.parse(await callServer(options.dataDir, 'deployments.service', { service }))
  const healthy = view.state === 'UP' && view.current?.build === number && (await answers(view.url, options.port))
  const durationMs = Date.parse(build.endedAt ?? '') - Date.parse(build.startedAt ?? build.queuedAt)
  print(`${build.status} in ${seconds(durationMs)}${build.reason ? `: ${build.reason}` : ''}`)
  if (!options.once) printPlaces(server.url, service, number, view.url, healthy)
  if (options.json) {
    const roles = build.roles.map(({ role, calls, inputTokens, outputTokens }) => ({ role, calls, inputTokens, outputTokens }))
    const result = { number, status: build.status, durationMs, url: `${server.url}/${service}/builds/${number}` }
    jsonLine = JSON.stringify({ build: result, service: { name: service, url: view.url, healthy }, roles })
  }
  return build.status === 'SUCCESS' && healthy ? 0 : 1
}

let jsonLine: string | undefined

function printPlaces(url: string, service: string, number: number, app: string, healthy: boolean): void {
  print()
  print(`  Build page    ${url}/${service}/builds/${number}`)
  print(`  Service page  ${url}/${service}`)
  print(`  App           ${app}${healthy ? '' : ' (not healthy)'}`)
  print(`  Sign in as    ${adminEmails()[0] ?? 'an administrator'}`)
  print('  To end it     npm run stop')
}

async function demo(args: string[]): Promise<number> {
  const options = demoOptions(args)
  const end = async () => {
    if (options.once) await stopDataDir(options.dataDir)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => void end().finally(() => process.exit(name === 'SIGINT' ? 130 : 143)))
  try {
    return await run(options)
  } finally {
    await end()
    if (jsonLine) print(jsonLine)
  }
}

/** Ends commands of builds that a killed server left running: they carry a mark and work below the data directory. */
async function endLeftovers(dataDir: string): Promise<number> {
  const places = [`${dataDir}/`, `/var/lib/maestro/${directoryHash(dataDir)}/`]
  let ended = 0
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const [place, variables] = await Promise.all([
      readlink(`/proc/${name}/cwd`).catch(() => ''),
      readFile(`/proc/${name}/environ`, 'latin1').catch(() => ''),
    ])
    const ours = /(^|\0)MAESTRO_STEP=/.test(variables) && places.some((folder) => place.startsWith(folder))
    if (ours && signal(Number(name), 'SIGKILL')) ended++
  }
  return ended
}

/** Ends all that a data directory runs, also after its server was killed; returns what it was, in words. */
async function stopDataDir(dataDir: string): Promise<string[]> {
  const server = await endServer(dataDir)
  const services = await stopServices(dataDir)
  const commands = await endLeftovers(dataDir)
  const database = await stopPostgres(dataDir)
  const count = (number: number, one: string) => (number ? `${number} ${one}${number === 1 ? '' : 's'}` : '')
  return [server ? 'the server' : '', count(services, 'service'), count(commands, 'command'), database ? 'the database' : ''].filter(
    Boolean,
  )
}

async function stop(args: string[]): Promise<number> {
  const { values } = parseFlags(args, { 'data-dir': { type: 'string', default: env().MAESTRO_DATA_DIR } })
  const dataDir = resolve(values['data-dir'])
  const ended = existsSync(dataDir) ? await stopDataDir(dataDir) : []
  print(ended.length ? `Stopped ${ended.join(', ')}.` : `Nothing runs on ${dataDir}.`)
  return 0
}

const commands: Record<string, (args: string[]) => Promise<number>> = { demo, stop, keys }

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2)
  try {
    const command = commands[name]
    if (!command) throw new UsageError(name ? `There is no command "${name}".` : 'A command is missing.')
    return await command(args)
  } catch (error) {
    const known = error instanceof UsageError || error instanceof LaunchError || isAppError(error)
    process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`)
    if (error instanceof UsageError) process.stderr.write(`${usage}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

process.exit(await main())
