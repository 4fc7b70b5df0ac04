// The one file that runs before `npm ci`, so it needs nothing but Node: node server/bootstrap.mjs <command> [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const isRoot = process.getuid?.() === 0
const chromiums = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']
const say = (text) => process.stderr.write(`${text}\n`)

/** What is bundled into `dist/`: programs that are started as processes of their own. */
const programs = {
  main: 'server/main.ts',
  cli: 'server/cli.ts',
  supervisor: 'server/supervisor.ts',
  'ai-server': 'server/ai-server.ts',
  forwarder: 'server/deployments/launchers/forwarder.ts',
  ...{ terminal: 'server/terminals/shells/inside.ts', pages: 'server/terminals/previews/pages.ts' },
  ...{ harness: 'server/gate/runner/harness.ts', reporter: 'server/gate/runner/reporter.ts' },
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  say(`Maestro needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`)
  process.exit(1)
}

/** Runs a program to its end; what it prints is shown when it fails. @throws Error in words */
function run(command, args, what, env = {}) {
  const result = spawnSync(command, args, { cwd: home, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (result.status === 0) return
  say(`${result.stdout ?? ''}${result.stderr ?? ''}`)
  throw new Error(`${what} failed${result.error ? `: ${result.error.message}` : ''}. What it printed stands above.`)
}

const tool = (path, args, what, env) => run(process.execPath, [join(home, 'node_modules', path), ...args], what, env)

/** Writes whole or not at all, and not where nothing changed: another process may be reading. */
function writeAtomically(file, bytes) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(bytes))) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, bytes)
  renameSync(`${file}.${process.pid}`, file)
}

/** A hash over files and folders; tests, generated code and file times have no say. */
function hashOf(...paths) {
  const hash = createHash('sha256').update(process.versions.node)
  const add = (path) => {
    const full = join(home, path)
    if (!existsSync(full)) return
    if (!statSync(full).isDirectory()) return hash.update(path).update(readFileSync(full))
    for (const name of readdirSync(full).sort()) if (!/^generated$|^testing$|\.test\.tsx?$/.test(name)) add(`${path}/${name}`)
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}

/** Does `work` unless its sources are those of the last time it came to its end. A kill in between leaves no stamp. */
async function whenChanged(name, hash, outputs, work) {
  const stamp = join(home, 'dist', `${name}.stamp`)
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (done && outputs.every((path) => existsSync(join(home, path)))) return
  rmSync(stamp, { force: true })
  await work()
  writeAtomically(stamp, hash)
}

/** Whether node_modules holds what the lock file asks for; npm writes its own list there last. */
function installed() {
  try {
    const read = (path) => JSON.parse(readFileSync(join(home, path), 'utf8')).packages
    const have = read('node_modules/.package-lock.json')
    const want = Object.entries(read('package-lock.json')).filter(([path, entry]) => path && !entry.optional)
    return want.every(([path, entry]) => have[path]?.version === entry.version && have[path]?.integrity === entry.integrity)
  } catch {
    return false
  }
}

function install() {
  if (installed()) return
  say('Installing packages …')
  const npm = process.env.npm_execpath
  const [command, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  run(command, [...before, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], 'Installing the packages (npm ci)')
}

/** Some packages ask for Node's modules in the old way, which a bundle in the new form does not know. */
const requires = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

/** Bundles one program. Packages stay outside, so they are loaded once per process; what runs beside and in sandboxes stands alone. */
async function bundleOne(root, name, source) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: join(root, source), out: name }],
    outdir: join(root, 'dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: /^(supervisor|forwarder|ai-server)$/.test(name) ? 'bundle' : 'external',
    // The SDK is large: without its spaces and long names the process needs 10 MB less.
    ...(name === 'ai-server' && { banner: { js: requires }, minify: true, keepNames: true }),
    sourcemap: true,
    write: false,
  })
  for (const file of outputFiles) writeAtomically(file.path, file.contents)
}

/** Bundles every program whose source exists; one that cannot be bundled does not keep the others from it. */
export async function bundle(root) {
  const entries = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)))
  const results = await Promise.allSettled(entries.map(([name, source]) => bundleOne(root, name, source)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

const lives = (pid) => existsSync(`/proc/${pid}`) || spawnSync('kill', ['-0', String(pid)]).status === 0

/** Takes the lock if it is free; it appears together with its owner's pid. Returns the pid of whoever has it, or null. */
function takeLock(lock) {
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, lock)
    return null
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  } finally {
    rmSync(draft)
  }
}

/** One builder at a time in one checkout; whoever was killed holding the lock no longer counts. */
async function locked(work) {
  const lock = join(home, 'dist', 'build.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (let told = false, owner = takeLock(lock); owner !== null; owner = takeLock(lock)) {
    if (owner && !lives(owner)) rmSync(lock, { force: true })
    else {
      if (!told) say('Waiting for another build of this checkout …')
      told = true
      await new Promise((done) => setTimeout(done, 200))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Brings everything that is made from sources up to date; `pages` also builds Next's part. */
async function prepare({ pages = true } = {}) {
  await locked(async () => {
    install()
    const schema = hashOf('prisma/schema', 'prisma.config.ts', 'package-lock.json')
    await whenChanged('prisma', schema, ['server/core/generated/prisma/client.ts'], () =>
      tool('prisma/build/index.js', ['generate'], 'Generating the database client'),
    )
    const code = ['server', 'prisma', 'package-lock.json', 'tsconfig.json']
    await whenChanged('bundles', hashOf(...code), ['dist/main.js', 'dist/cli.js'], () => bundle(home))
    if (!pages) return
    const all = hashOf(...code, 'app', 'components', 'public', 'next.config.mjs', 'postcss.config.mjs')
    await whenChanged('pages', all, ['.next/BUILD_ID'], () => {
      say('Building the pages …')
      tool('next/dist/bin/next', ['build'], 'Building the pages', { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' })
    })
  })
}

const onDebian = () => existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')

function installDebian(name) {
  if (!isRoot || !onDebian()) return false
  say(`Installing the Debian package ${name} …`)
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', name)
}

function ensureSandbox() {
  if (process.platform === 'linux' && spawnSync('bwrap', ['--version']).status === 0) return
  if (process.platform === 'linux' && installDebian('bubblewrap')) return
  say(
    'bubblewrap is missing (on Debian: sudo apt-get install bubblewrap): code that the demo model writes runs as a plain process without rights of its own, and builds of any other model are refused.',
  )
}

async function ensureChromium() {
  if (chromiums.some((path) => existsSync(path))) return
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return
  const playwright = join(home, 'node_modules', '@playwright', 'test', 'cli.js')
  if (spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: ['ignore', 2, 2] }).status === 0) return
  if (!installDebian('chromium'))
    throw new Error('There is no Chromium for the browser tests: install one (on Debian: sudo apt-get install chromium).')
}

/** Hands this process over to a bundled program: its signals and its exit code are then the program's own. */
async function become(program, args) {
  const path = join(home, 'dist', `${program}.js`)
  process.argv = [process.execPath, path, ...args]
  await import(pathToFileURL(path).href)
}

/** Runs a program as a child with this terminal; passes signals on and ends as it ends. With `ipc` it knows that it is watched over. */
function follow(args, env = {}, stdio = 'inherit') {
  const child = spawn(process.execPath, args, { cwd: home, stdio, env: { ...process.env, ...env } })
  // A terminal sends Ctrl-C to the whole group already; passed on once more it would mean "at once".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

const tsx = join(home, 'node_modules', 'tsx', 'dist', 'cli.mjs')
const onPath = (name) => join(home, 'node_modules', '.bin', name)

function check() {
  const steps = [
    [onPath('tsc'), ['--noEmit']],
    [onPath('biome'), ['check']],
    [onPath('vitest'), ['run', 'server/testing/structure.test.ts']],
  ]
  const failed = steps.filter(([command, args]) => spawnSync(command, args, { cwd: home, stdio: 'inherit' }).status !== 0)
  process.exit(failed.length ? 1 : 0)
}

/** A developer's `.env`, for all but tests; what the environment already has counts more. */
function loadEnvFile() {
  if (existsSync(join(home, '.env'))) process.loadEnvFile(join(home, '.env'))
}

const commands = {
  build: () => prepare(),
  demo: async (args) => {
    await prepare()
    ensureSandbox()
    await become('cli', ['demo', ...args])
  },
  start: async (args) => {
    await prepare()
    ensureSandbox()
    process.env.NODE_ENV = 'production'
    await become('main', args)
  },
  dev: async (args) => {
    await prepare({ pages: false })
    ensureSandbox()
    follow([tsx, 'watch', '--clear-screen=false', 'server/main.ts', ...args], { NODE_ENV: 'development' }, [0, 1, 2, 'ipc'])
  },
  stop: async (args) => {
    await prepare({ pages: false })
    await become('cli', ['stop', ...args])
  },
  cli: async (args) => {
    await prepare({ pages: false })
    await become('cli', args)
  },
  'ai-server': async (args) => {
    await prepare({ pages: false })
    await become('ai-server', args)
  },
  test: async (args) => {
    await prepare()
    ensureSandbox()
    await ensureChromium()
    follow([tsx, 'server/testing/run.ts', ...(process.env.CI ? ['--ci'] : []), ...args])
  },
  check: async () => {
    await prepare({ pages: false })
    check()
  },
  bench: async (args) => {
    await prepare()
    ensureSandbox()
    follow([tsx, 'server/testing/bench/run.ts', ...args], { NODE_ENV: 'production' })
  },
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2)
  checkNode()
  try {
    if (!Object.hasOwn(commands, name ?? '')) throw new Error(`Commands: ${Object.keys(commands).join(', ')}.`)
    if (['demo', 'start', 'dev', 'stop', 'cli', 'ai-server'].includes(name)) loadEnvFile()
    await commands[name](args)
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}
