/** `maestro keys`: the keys of an installation on the command line. */
import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import { loadCallerKey } from './ai/door/caller-key.ts'
import { openOffline, type Say } from './cli-offline.ts'
import { checkBackup, verifyAll } from './cli-verify.ts'
import { parseFlags, print, UsageError } from './core/command-line.ts'
import { callServer, serverStatus } from './core/control.ts'
import { env } from './core/env.ts'
import { LaunchError } from './core/launch.ts'
import { readPassphrase } from './core/passphrase.ts'
import { operatorCallSchemas } from './rotation/operator/types.ts'
import type { PlatformRing, Ring, RoundView } from './rotation/schema.ts'
import { noteRestored } from './rotation/service.ts'
import { importKeys } from './vault/service.ts'

export const keysUsage = `npm run maestro -- keys status [--project <service>]
npm run maestro -- keys backup --out <file> [--force]
npm run maestro -- keys restore --from <file> [--force]
npm run maestro -- keys rotate (--project <service> | --all | --platform | --master) [--no-wait]
npm run maestro -- keys verify [--project <service>] [--all] [--from <backup>]
npm run maestro -- keys caller        what an AI server's file of callers needs to know of this installation
  each: [--data-dir <directory>] [--passphrase-file <file>]; else MAESTRO_BACKUP_PASSPHRASE, else it is asked for`

const pollMs = 500
const sayEveryMs = 5_000

const flags = {
  'data-dir': { type: 'string', default: env().MAESTRO_DATA_DIR },
  'passphrase-file': { type: 'string' },
  project: { type: 'string' },
  out: { type: 'string' },
  from: { type: 'string' },
  all: { type: 'boolean', default: false },
  platform: { type: 'boolean', default: false },
  master: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  'no-wait': { type: 'boolean', default: false },
} as const

/** Which options each command takes, besides `--data-dir`. */
const takes: Record<string, readonly (keyof typeof flags)[]> = {
  status: ['project'],
  backup: ['out', 'force', 'passphrase-file'],
  restore: ['from', 'force', 'passphrase-file'],
  rotate: ['project', 'all', 'platform', 'master', 'no-wait'],
  verify: ['project', 'all', 'from', 'passphrase-file'],
  caller: [],
}
type Given = ReturnType<typeof parseFlags<typeof flags>>['values'] & { 'data-dir': string }

function optionsOf(command: string, args: string[]): Given {
  const options = Object.fromEntries(
    Object.entries(flags).filter(([name]) => name === 'data-dir' || takes[command]?.includes(name as never)),
  )
  const { values } = parseFlags(args, options as typeof flags)
  if (!values['data-dir']) throw new UsageError('--data-dir takes a directory.')
  return { ...values, 'data-dir': resolve(values['data-dir']) }
}

const passphraseOf = (given: Given, twice = false) => {
  const [file, set] = [given['passphrase-file'], env().MAESTRO_BACKUP_PASSPHRASE]
  return readPassphrase({ ...(file !== undefined && { file }), ...(set !== undefined && { given: set }), twice })
}

/** Speaks to the running server of a data directory. */
const online =
  (dataDir: string): Say =>
  async (path, input) =>
    (operatorCallSchemas[path].output as z.ZodType).parse(await callServer(dataDir, path, input)) as never

/** Speaks to the running server, or does the work here where none runs. */
async function speaking<T>(dataDir: string, work: (say: Say) => Promise<T>): Promise<T> {
  if (await serverStatus(dataDir)) return work(online(dataDir))
  needsDirectory(dataDir)
  const offline = await openOffline(dataDir)
  return work(offline.say).finally(offline.close)
}

function needsDirectory(dataDir: string): void {
  if (!env().DATABASE_URL && !existsSync(dataDir)) throw new LaunchError(`There is no data directory ${dataDir}.`)
}

const day = (time: string | null) => (time === null ? 'never' : `${time.slice(0, 16).replace('T', ' ')} UTC`)
const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

function printRing(name: string, { keys, sealed, round }: Ring): void {
  print(name)
  for (const { id, state, createdAt, rows, bytes } of keys) {
    const used = state === 'ACTIVE' || rows > 0 ? `${rows} things, ${size(bytes)}` : 'nothing is sealed with it any more'
    print(`  ${id}  ${state.toLowerCase().padEnd(9)}  ${day(createdAt)}  ${used}`)
  }
  if (keys.length === 0) print('  no key yet: nothing was sealed')
  for (const { kind, rows, toReseal, lost, inClear } of sealed) {
    const odd = [toReseal && `${toReseal} to be sealed anew`, lost && `${lost} that no key opens`, inClear && `${inClear} not sealed yet`]
    print(`  ${kind.padEnd(12)} ${String(rows).padStart(8)}  ${odd.filter(Boolean).join(', ')}`.trimEnd())
  }
  if (round) print(`  round ${round.state.toLowerCase()}: ${progressOf([round])}`)
}

function printMaster({ master }: PlatformRing): void {
  print(
    `Master key: ${master.kind === 'vault' ? 'kept by Vault' : (master.path ?? 'from the environment')}, backed up ${day(master.backedUpAt)}`,
  )
  for (const id of master.ids) {
    const wraps = master.wraps.find(({ masterId }) => masterId === id)?.keys ?? 0
    print(`  ${id}  ${id === master.currentId ? 'current' : 'older  '}  wraps ${wraps}`)
  }
}

async function status(given: Given): Promise<number> {
  const service = given.project
  const { platform, project } = await speaking(given['data-dir'], (say) => say('keys.status', service === undefined ? {} : { service }))
  printMaster(platform)
  printRing('Platform', platform)
  if (project) printRing(`Project ${project.service}`, project)
  for (const { service: name, ...round } of platform.rounds) print(`Round of ${name}: ${progressOf([round])}`)
  print(`Data keys in all: ${platform.totals.keys}; projects with keys: ${platform.totals.projects}`)
  return 0
}

async function backup(given: Given): Promise<number> {
  if (!given.out) throw new UsageError('--out takes the file to write.')
  const out = resolve(given.out)
  if (existsSync(out) && !given.force) throw new LaunchError(`${out} is there already: name another file, or say --force.`)
  const passphrase = await passphraseOf(given, true)
  const { base64, keys } = await speaking(given['data-dir'], (say) => say('keys.backup', { passphrase }))
  const file = await open(out, given.force ? 'w' : 'wx', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(Buffer.from(base64, 'base64'))
    await file.sync()
  } finally {
    await file.close()
  }
  print(`${keys} keys are in ${out}. It opens with its passphrase alone: keep the two apart, and neither beside the data.`)
  return 0
}

function readBackup(given: Given): Buffer {
  if (!given.from) throw new UsageError('--from takes the file of a backup.')
  try {
    return readFileSync(given.from)
  } catch (error) {
    throw new UsageError(`The backup ${given.from} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no file'}.`)
  }
}

async function restore(given: Given): Promise<number> {
  const [dataDir, file] = [given['data-dir'], readBackup(given)]
  if (await serverStatus(dataDir)) throw new LaunchError('The server runs: end it with npm run stop first.')
  needsDirectory(dataDir)
  const passphrase = await passphraseOf(given)
  const offline = await openOffline(dataDir)
  try {
    const report = await importKeys(file, passphrase, { force: given.force })
    await noteRestored(await offline.act(), report)
    print(
      `The backup of ${day(report.madeAt)} was put back: ${report.masterKeys} master keys, ${report.keys} keys, ${report.secrets} secrets.`,
    )
    if (report.skipped > 0) print(`${report.skipped} keys are of projects that are not here.`)
    return await verifyAll(offline.say, { all: false })
  } finally {
    await offline.close()
  }
}

function progressOf(rounds: readonly RoundView[]): string {
  const sum = (of: (round: RoundView) => number) => rounds.reduce((total, round) => total + of(round), 0)
  const rate = sum(({ rate }) => rate ?? 0)
  const parts = [`${sum(({ done }) => done)} of ${sum(({ total }) => total ?? 0)}`, size(sum(({ bytes }) => bytes)), `${size(rate)}/s`]
  const unreadable = sum((round) => round.unreadable)
  return [...parts, ...(unreadable > 0 ? [`${unreadable} that no key opens`] : [])].join(', ')
}

/** Follows rounds to their end. */
async function follow(say: Say, ids: string[]): Promise<number> {
  let told = ''
  for (let toldAt = performance.now(); ; await delay(pollMs)) {
    const { rounds } = await say('keys.rounds', { ids })
    const open = rounds.filter(({ state }) => state === 'RUNNING')
    if (open.length > 0 && performance.now() - toldAt < sayEveryMs) continue
    toldAt = performance.now()
    const waits = open.length > 0 && open.every(({ done, total }) => total !== null && done >= total)
    const words = `  ${progressOf(rounds)}${waits ? '; half a minute more, until every writer uses the new key' : ''}`
    if (words !== told) print(words)
    told = words
    if (open.length > 0) continue
    const failed = rounds.filter(({ state }) => state === 'FAILED').length
    print(failed > 0 ? `${failed} rounds broke; the server’s log says why.` : 'Everything is sealed with the new key.')
    return failed > 0 ? 1 : 0
  }
}

async function rotate(given: Given): Promise<number> {
  const { project, all, platform, master } = given
  if ([project !== undefined, all, platform, master].filter(Boolean).length !== 1)
    throw new UsageError('Say what to rotate: one of --project, --all, --platform and --master.')
  if (!(await serverStatus(given['data-dir'])))
    throw new LaunchError('The server does not run: it is the one that seals anew. Start it first.')
  const say = online(given['data-dir'])
  if (master) {
    const { masterId, rewrapped, failed } = await say('keys.master', {})
    print(
      `The master key is ${masterId} now; it wraps ${rewrapped} keys anew. Back the keys up: npm run maestro -- keys backup --out <file>`,
    )
    if (failed > 0) print(`${failed} keys could not be wrapped anew; their old master key stays.`)
    return failed > 0 ? 1 : 0
  }
  const what = platform
    ? ({ kind: 'platform' } as const)
    : project === undefined
      ? ({ kind: 'projects' } as const)
      : ({ kind: 'project', service: project } as const)
  const { rounds } = await say('keys.rotate', { what })
  for (const { service, keyId } of rounds) print(`${service ?? 'The platform'} seals with ${keyId} now.`)
  if (given['no-wait'] || rounds.length === 0) return 0
  return follow(
    say,
    rounds.map(({ roundId }) => roundId),
  )
}

async function verify(given: Given): Promise<number> {
  const how = { all: given.all, ...(given.project !== undefined && { service: given.project }) }
  if (given.from === undefined) return speaking(given['data-dir'], (say) => verifyAll(say, how))
  needsDirectory(given['data-dir'])
  return checkBackup(given['data-dir'], readBackup(given), await passphraseOf(given), how)
}

/** Prints this installation's public key as a key set, which is what AI_SERVER_CALLERS_FILE holds; the key is made where there is none yet. */
async function caller(given: Given): Promise<number> {
  const { jwk } = await loadCallerKey({ ...env(), MAESTRO_DATA_DIR: given['data-dir'] })
  print(JSON.stringify({ keys: [jwk] }))
  return 0
}

const commands: Record<string, (given: Given) => Promise<number>> = { status, backup, restore, rotate, verify, caller }

/** Runs one command of `maestro keys`; gives its exit status. */
export async function keys([name = '', ...args]: string[]): Promise<number> {
  const command = commands[name]
  if (!command)
    throw new UsageError(
      name ? `There is no command "keys ${name}".` : 'A command is missing: keys status, backup, restore, rotate, verify or caller.',
    )
  return command(optionsOf(name, args))
}
