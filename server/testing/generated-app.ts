import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Generated apps on disk, and their acceptance tests run the way the platform runs them, only smaller. */

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** The platform's harness over TCP, starting the real `server.js`. */
const served = `import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

let child, port, data = mkdtempSync(join(tmpdir(), 'app-data-'))
async function stop() {
  if (!child) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  child = undefined
}
async function start() {
  child = spawn(process.execPath, ['server.js'], { env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: '', PORT: '0', DATA_DIR: data } })
  child.stderr.pipe(process.stderr)
  port = await new Promise((resolve) => child.stdout.on('data', (chunk) => {
    const said = /port (\\d+)/.exec(String(chunk))?.[1]
    if (said) resolve(said)
  }))
}
export async function restart() { await stop(); await start() }
export async function reset() { await stop(); rmSync(data, { recursive: true, force: true }); data = mkdtempSync(join(tmpdir(), 'app-data-')); await start() }
export async function request(method, path, body) {
  const init = { method, redirect: 'manual', body: body === undefined ? undefined : JSON.stringify(body), headers: body === undefined ? {} : { 'content-type': 'application/json' } }
  const response = await fetch(\`http://127.0.0.1:\${port}\${path}\`, init)
  const text = await response.text()
  let parsed = text
  try { parsed = JSON.parse(text) } catch {}
  return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed, text }
}
after(async () => { await stop(); rmSync(data, { recursive: true, force: true }) })
`

/** The same calls on the app in this process: the store is opened anew for each start, so restarts are real for the data. */
const inProcess = `import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { collections, createApp } from '../src/app.js'
import { openStore } from '../src/store.js'

let app, data = mkdtempSync(join(tmpdir(), 'app-data-'))
export async function restart() { app = createApp(await openStore(data, collections)) }
export async function reset() { rmSync(data, { recursive: true, force: true }); await restart() }
export async function request(method, path, body) {
  const init = { method, body: body === undefined ? undefined : JSON.stringify(body) }
  const response = await app.request(path, init)
  const text = await response.text()
  let parsed = text
  try { parsed = JSON.parse(text) } catch {}
  return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed, text }
}
after(() => rmSync(data, { recursive: true, force: true }))
`

/** What the platform's first commit answers to everything. */
const nothing = `export async function restart() {}
export async function reset() {}
export async function request() {
  const text = '{"error":{"message":"not found"}}'
  return { status: 404, headers: {}, body: JSON.parse(text), text }
}
`

const reporter = `export default async function* (events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.name.endsWith('.mjs') || data.name.endsWith('.js')) continue
    const error = data.details.error
    yield JSON.stringify({ name: data.name, file: data.file ?? '', ok: type === 'test:pass', code: error?.cause?.code ?? error?.code ?? null, message: String(error?.cause?.message ?? error?.message ?? '') }) + '\\n'
  }
}
`

const harnesses = { served, inProcess, nothing }

export interface TestLine {
  name: string
  /** The file that the test stands in. */
  file: string
  ok: boolean
  /** `ERR_ASSERTION` where the test failed on an assertion of its own. */
  code: string | null
  message: string
}

export interface AppOnDisk {
  directory: string
  /** Replaces text in a file; throws where the text is not there. */
  edit: (path: string, from: string | RegExp, to: string) => Promise<void>
  /** Runs the acceptance tests (those whose name matches) against the app. */
  accept: (harness?: keyof typeof harnesses, name?: string) => Promise<TestLine[]>
  /** Runs the app's own `npm test`. */
  unit: () => Promise<TestLine[]>
  /** Puts the harness beside the tests. */
  prepare: (harness: keyof typeof harnesses) => Promise<void>
  /** Starts the real server on a free port with empty data. */
  serve: () => Promise<{ url: string; stop: () => void }>
  remove: () => Promise<void>
}

/** Runs the tests of several apps whose names match in one process, which is quicker by far; the answer is in the order of the apps. */
export async function acceptTogether(apps: AppOnDisk[], harness: 'inProcess' | 'nothing', name = '.'): Promise<TestLine[][]> {
  const first = apps[0]
  if (!first) return []
  await Promise.all(apps.map((app) => app.prepare(harness)))
  const imports = apps.map((app) => `await import('${app.directory}/acceptance/criteria.test.mjs')\n`)
  await writeFile(join(first.directory, 'together.mjs'), imports.join(''))
  const lines = await run(first.directory, [`--test-name-pattern=${name}`, 'together.mjs'])
  return apps.map((app) => lines.filter((line) => line.file.includes(`${basename(app.directory)}/`)))
}

/** Runs Node's test runner in the directory (one file straight, without a second process); its standard error is thrown where no test was reported. */
async function run(directory: string, args: string[]): Promise<TestLine[]> {
  const env = {} as NodeJS.ProcessEnv
  const child = spawn(process.execPath, ['--test-reporter=./reporter.mjs', '--test-reporter-destination=stdout', ...args], {
    cwd: directory,
    env,
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk
  })
  await new Promise((resolve) => child.on('close', resolve))
  const read = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TestLine)
  if (read.length === 0) throw new Error(`no test ran: ${errors || out}`)
  return read
}

async function serve(directory: string): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, ['server.js'], { cwd: directory, env: { PORT: '0' } as unknown as NodeJS.ProcessEnv })
  const port = await new Promise<string>((resolve, reject) => {
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const said = /port (\d+)/.exec(String(chunk))?.[1]
      if (said) resolve(said)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    child.on('exit', () => reject(new Error(`the app did not start: ${errors}`)))
  })
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill('SIGKILL') }
}

/** Writes an app into a new directory, with the house's dependencies beside it. */
export async function appOnDisk(files: { path: string; content: string }[]): Promise<AppOnDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'generated-app-'))
  const contents = new Map(files.map((file) => [file.path, file.content]))
  contents.set('package.json', '{ "name": "app", "type": "module", "scripts": { "start": "node server.js", "test": "node --test" } }\n')
  contents.set('reporter.mjs', reporter)
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  for (const [path, content] of contents) await write(path, content)
  await symlink(modules, join(directory, 'node_modules'))
  return {
    directory,
    edit: async (path, from, to) => {
      const before = contents.get(path) ?? ''
      const after = before.replace(from, to)
      if (after === before) throw new Error(`nothing to replace in ${path}: ${from}`)
      await write(path, after)
    },
    accept: async (harness = 'inProcess', name = '.') => {
      await write('acceptance/harness.mjs', harnesses[harness])
      return run(directory, [`--test-name-pattern=${name}`, 'acceptance/criteria.test.mjs'])
    },
    unit: () => run(directory, ['--test', 'test/']),
    prepare: (harness) => write('acceptance/harness.mjs', harnesses[harness]),
    serve: () => serve(directory),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
