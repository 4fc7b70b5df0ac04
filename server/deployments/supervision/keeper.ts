import { once } from 'node:events'
import type { Clock } from '@/server/core/clock.ts'
import { restartDelayMs } from '../rules.ts'
import type { AppProcess, Phase, SupervisorSpec, SupervisorStatus } from './types.ts'

/** An app that ran this long was well; its next death counts as the first again. */
const stableMs = 60_000
/** How long the forwarder gets to end the app before the tree is killed; each a little over its own limits. */
const patienceMs = { stop: 4_500, drain: 10_000 } as const
const tailLines = 20

export interface KeeperOptions {
  launch(): AppProcess
  /** Everything the app says, and what the keeper says about it. */
  onOutput(voice: 'out' | 'err' | 'sup', bytes: Buffer | string): void
  onChange(status: SupervisorStatus): void
  /** Empties the data directory. */
  emptyData(): void
  clock: Clock
}

export interface Keeper {
  status(): SupervisorStatus
  /** Ends the app and starts it again, on empty data if asked; resolves when it has been started. */
  restart(options: { emptyData: boolean }): Promise<void>
  /** Ends everything for good; `drain` lets open connections finish first. */
  end(how: 'stop' | 'drain'): Promise<void>
  /** Resolves once everything has ended. */
  ended: Promise<void>
}

/** Keeps the last lines for a reason in words. */
function tailOf() {
  let text = ''
  return {
    add: (bytes: Buffer | string) => {
      text = (text + bytes.toString()).slice(-8_192)
    },
    lines: () => text.trimEnd().split('\n').slice(-tailLines),
  }
}

/** Keeps one app running: starts it, starts it again after a growing pause when it dies, and ends it when told to. */
export function keep(spec: SupervisorSpec, options: KeeperOptions): Keeper {
  const { clock, launch, onOutput, onChange } = options
  const tail = tailOf()
  let app: AppProcess | null = null
  let phase: Phase = 'running'
  let restarts = 0
  let failures = 0
  let lastExit: SupervisorStatus['lastExit'] = null
  let startedAt = clock.now()
  let ending = false
  let again: { emptyData: boolean; started: () => void } | null = null
  let wake = new AbortController()

  const status = (): SupervisorStatus => ({
    pid: process.pid,
    key: spec.key,
    release: spec.release,
    phase,
    restarts,
    lastExit,
    startedAt,
    controlSocket: spec.controlSocket,
    tail: tail.lines(),
  })
  const enter = (next: Phase) => {
    phase = next
    onChange(status())
  }
  const hear = (voice: 'out' | 'err' | 'sup', bytes: Buffer | string) => {
    tail.add(bytes)
    onOutput(voice, bytes)
  }
  const say = (words: string) => hear('sup', `${words}\n`)

  async function runOnce(): Promise<void> {
    startedAt = clock.now()
    app = launch()
    app.stdout.on('data', (bytes: Buffer) => hear('out', bytes))
    app.stderr.on('data', (bytes: Buffer) => hear('err', bytes))
    enter('running')
    again?.started()
    again = null
    const exit = await app.exited
    app = null
    lastExit = { ...exit, at: clock.now() }
    failures = clock.now() - startedAt >= stableMs ? 1 : failures + 1
    if (!ending && !again) say(`The app ended (${exit.signal ?? `status ${exit.code}`}).`)
  }

  /** After a death: the pause before the next start; without an end of its own where the app is not to be started again. */
  async function pause(): Promise<void> {
    if (ending || again) return
    wake = new AbortController()
    const woken = once(wake.signal, 'abort')
    if (spec.restart === 'never') {
      enter('dead')
      await woken
      return
    }
    enter('waiting')
    await clock.sleep(restartDelayMs(failures, clock.random()), wake.signal).catch(() => undefined)
    if (ending || again) return
    restarts += 1
    say(`The app is started again (${restarts}).`)
  }

  async function loop(): Promise<void> {
    while (!ending) {
      await runOnce()
      await pause()
      if (again?.emptyData) options.emptyData()
    }
  }

  async function endApp(how: 'stop' | 'drain'): Promise<void> {
    const current = app
    if (!current) return wake.abort()
    current.ask(how)
    const timer = setTimeout(() => current.kill(), patienceMs[how])
    await current.exited
    clearTimeout(timer)
  }

  const ended = loop()
  return {
    status,
    ended,
    restart: ({ emptyData }) =>
      new Promise((resolve, reject) => {
        if (ending) return reject(new Error('the app is being ended'))
        again?.started()
        again = { emptyData, started: resolve }
        failures = 0
        void endApp('stop')
      }),
    end: async (how) => {
      if (!ending) {
        ending = true
        enter('stopping')
        await endApp(how)
      }
      await ended
    },
  }
}
