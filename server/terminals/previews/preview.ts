import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { env, servicesDomain, serviceUrl } from '@/server/core/env.ts'
import { socketPath, workFolder } from '@/server/core/paths.ts'
import { registry } from '@/server/core/registry.ts'
import { spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import { programs, watchSocketFolder } from '@/server/deployments/service.ts'
import type { Preview } from '../schema.ts'
import type { PreviewOptions, RunningPreview } from './types.ts'

/** The app's port; each sandbox has a loopback of its own, so it is always free. */
const port = '8080'
const startMs = 90_000
const pollMs = 50
const keptChars = 16_000
const memoryMb = 1_536

/** Of the host names below the services' domain these are previews'; 128 bits that nobody guesses. */
export const isPreviewName = (slug: string) => /^preview-[0-9a-f]{32}$/.test(slug)

const socketsOf = (key: string) => socketPath(env().MAESTRO_DATA_DIR, `preview-${key}.d/app.sock`)

/** Removes what previews of an earlier life of this server left: their processes ended with it. */
export async function sweepSockets(): Promise<void> {
  const folder = dirname(dirname(socketsOf('0')))
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^preview-[0-9a-f]{8}\.d$/.test(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function keepTail() {
  const decoder = new TextDecoder()
  let text = ''
  return {
    add: (bytes: Buffer) => {
      text = (text + decoder.decode(bytes, { stream: true })).slice(-keptChars)
    },
    text: () =>
      stripVTControlCharacters(text)
        .replaceAll('\r\n', '\n')
        .replaceAll(/[^\P{Cc}\n\t]/gu, ''),
  }
}

/** What somebody typed stands in no list of processes, where other users of this machine would read it. */
const fromEnvironment = 'command=$PREVIEW_COMMAND; unset PREVIEW_COMMAND; eval "$command"'

/** Some development servers answer only to names that they were told. */
const namesOf = (name: string) => ({ __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: `${name}.${servicesDomain().replace(/:\d+$/, '')}` })

async function launch({ directory, command, fileMb }: PreviewOptions, name: string, socket: string) {
  const { forwarder, pages } = await programs()
  await mkdir(dirname(socket), { recursive: true, mode: 0o700 })
  return spawnSandbox(
    {
      etcDir: writeEtc(workFolder(env().MAESTRO_DATA_DIR, 'sandbox-etc')),
      workspace: { path: directory },
      mounts: [
        // The folder, not the socket: the forwarder makes the socket once the app answers.
        { from: dirname(socket), to: '/run/maestro', writable: true },
        { from: forwarder, to: '/run/forwarder.mjs' },
        { from: pages, to: '/run/pages.mjs' },
      ],
      env: { PREVIEW_COMMAND: command, HOST: '127.0.0.1', BROWSER: 'none', npm_config_update_notifier: 'false', ...namesOf(name) },
      limits: { memoryMb, processes: 256, openFiles: 2_048, tmpMb: 256, fileMb },
      command: [
        ...['node', '/run/forwarder.mjs', `/run/maestro/${basename(socket)}`, port, '-'],
        ...(command ? ['/bin/sh', '-c', fromEnvironment] : ['node', '/run/pages.mjs', port]),
      ],
    },
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
}

/** Starts an app in a sandbox of its own, behind a socket, under a host name that was never used before. It ends with this process. */
export async function openPreview(options: PreviewOptions): Promise<RunningPreview> {
  const { command, onChange, onEnd } = options
  const clock = registry('clock')
  const name = `preview-${randomBytes(16).toString('hex')}`
  const socket = socketsOf(randomBytes(4).toString('hex'))
  const output = keepTail()
  const startedAt = clock.now()
  let [state, usedAt, stopped]: [Preview['state'], number, boolean] = ['starting', startedAt, false]
  let [reason, exitCode]: [Preview['reason'], number | null] = [null, null]
  const child = await launch(options, name, socket)
  const ended = options.onStart(child.pid)
  const isOver = () => state === 'off' || state === 'failed'
  const finish = (code: number | null) => {
    if (isOver()) return
    clearInterval(timer)
    leaveFolder()
    ended()
    state = stopped && !reason ? 'off' : 'failed'
    if (state === 'failed') [reason, exitCode] = [reason ?? 'exit', code]
    void rm(dirname(socket), { recursive: true, force: true })
    onEnd(preview)
    onChange()
  }
  const kill = () => {
    // The end of its input ends the forwarder and all it started; the signal is for the case that it hears nothing.
    child.stdin?.destroy()
    child.kill('SIGKILL')
  }
  const look = () => {
    if (state !== 'starting') return
    if (existsSync(socket)) {
      state = 'ready'
      onChange()
    } else if (clock.now() - startedAt > startMs) {
      reason = 'slow'
      kill()
    }
  }
  const timer = setInterval(look, pollMs)
  timer.unref()
  const leaveFolder = watchSocketFolder(dirname(socket), basename(socket), () => {
    if (isOver()) return
    reason ??= 'room'
    kill()
  })
  child.stdin?.on('error', () => undefined)
  child.stdout?.on('data', output.add)
  child.stderr?.on('data', output.add)
  child.on('error', () => finish(null))
  // What it said last is read before it counts as over; an heir of its pipes must not hold that up.
  child.on('close', (code) => finish(code))
  child.on('exit', (code) => void setTimeout(() => finish(code), 500).unref())
  const preview: RunningPreview = {
    ...{ name, socketPath: socket, isOver },
    view: () => ({ state, command, url: state === 'ready' ? serviceUrl(name) : null, reason, exitCode, output: output.text() }),
    usedAt: () => usedAt,
    touch: () => {
      usedAt = clock.now()
    },
    stop: (why = null) => {
      stopped = true
      reason ??= why
      kill()
    },
  }
  return preview
}
