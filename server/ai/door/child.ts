import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { AiLink } from '@/server/core/ai-link.ts'
import { AppError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { isAlive, signal } from '@/server/core/process.ts'

/** Who asks while the AI server starts waits this long for it. */
const startPatienceMs = 15_000
const endPatienceMs = 3_000
const respawnAfterMs = 500
const stdio: StdioOptions = ['ignore', 'inherit', 'inherit', 'ipc']

/**
 * The keeper is a shell: it holds the environment, so that nobody else has to, and costs a megabyte. It starts the AI server again
 * whenever that ends otherwise than well, at once at first and then after longer and longer waits. Descriptor 3 is Node's channel to
 * this process, which keeper and AI server share; a line of JSON is a message.
 */
const keeperScript = `wait=0
while :; do
  began=$(date +%s)
  "$@" && exit 0
  printf '{"type":"down"}\\n' >&3 || exit 0
  [ $(($(date +%s) - began)) -gt 30 ] && wait=0
  sleep "$wait"
  [ "$wait" -lt 7 ] && wait=$((wait * 2 + 1))
done`

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int(), url: z.string(), kid: z.string(), jwk: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal('down') }),
  z.object({ type: z.literal('failed'), why: z.string() }),
])
/** What the AI server tells the process that started it; `down` comes from the keeper. */
export type ChildMessage = z.infer<typeof messageSchema>

type ServerKey = Awaited<ReturnType<AiLink['serverKey']>>
type State = { is: 'starting'; why?: string } | { is: 'serving'; url: string; serverKey: ServerKey } | { is: 'lost' }

export interface ChildOptions {
  /** The AI server's program and its arguments. */
  command: readonly [string, ...string[]]
  /** All that its environment has. */
  environment: Record<string, string>
  /** Whether the environment may be kept here, so that a keeper that was killed is replaced: where it holds no secret. */
  renewable: boolean
  demo: boolean
  caller: AiLink['caller']
}

export interface AiChild {
  ai: AiLink
  /** Ends keeper and AI server. */
  stop(): Promise<void>
}

const lost = () =>
  new AppError(
    'UNAVAILABLE',
    'The AI server and its keeper were ended, and nobody else has the key to Claude: start Maestro again to hand it over.',
    undefined,
    { key: 'aiServerLost' },
  )
const silent = (why?: string) =>
  new AppError('UNAVAILABLE', why ? `The AI server does not start: ${why}` : 'The AI server does not answer.', undefined, {
    key: 'aiServerSilent',
  })

/** The AI server's state, and who waits for it to change. */
function makeLife() {
  let state: State = { is: 'starting' }
  const waiting = new Set<() => void>()
  const next = (ms: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      waiting.add(wake)
    })
  return {
    become(changed: State) {
      state = changed
      for (const wake of [...waiting]) wake()
    },
    state: () => state,
    /** @throws AppError where it serves nobody any more, or not within a while */
    async serving() {
      for (const end = performance.now() + startPatienceMs; ; ) {
        if (state.is === 'serving') return state
        const left = end - performance.now()
        if (state.is === 'lost') throw lost()
        // What keeps it from starting does not go away by waiting for it.
        if (left <= 0 || state.why) throw silent(state.why)
        await next(left)
      }
    },
  }
}

function linkTo(life: ReturnType<typeof makeLife>, { demo, caller }: Pick<AiLink, 'demo' | 'caller'>): AiLink {
  return {
    demo,
    caller,
    url() {
      const state = life.state()
      if (state.is === 'serving') return state.url
      throw state.is === 'lost' ? lost() : silent(state.why)
    },
    serverKey: async () => (await life.serving()).serverKey,
  }
}

/** Waits until a process is gone, and ends it where it takes too long. */
async function seeOff(pid: number | undefined): Promise<void> {
  if (!pid) return
  for (const end = Date.now() + endPatienceMs; isAlive(pid); await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (Date.now() > end) signal(pid, 'SIGKILL')
  }
}

/**
 * Starts the AI server and its keeper below this process. Both end when this process is gone, however it goes. The environment is
 * handed over and, unless it is renewable, not kept.
 */
export function startAiChild({ command, environment, renewable, demo, caller }: ChildOptions): AiChild {
  const life = makeLife()
  const again = renewable ? environment : null
  let keeper: ChildProcess | undefined
  let server: number | undefined
  let stopping = false

  function hear(message: unknown) {
    const { data } = messageSchema.safeParse(message)
    if (data?.type === 'ready') {
      server = data.pid
      const key = createPublicKey({ key: data.jwk as JWK, format: 'jwk' })
      life.become({ is: 'serving', url: data.url, serverKey: { kid: data.kid, key } })
    }
    if (data?.type === 'failed') life.become({ is: 'starting', why: data.why })
    if (data?.type === 'down' && life.state().is === 'serving') {
      logger.error('the AI server ended; its keeper starts it again')
      life.become({ is: 'starting' })
    }
  }

  /** Nobody holds the other end of the channel any more. */
  function end() {
    if (stopping) return
    logger.error({ renewable: again !== null }, 'the AI server and its keeper ended')
    life.become(again ? { is: 'starting' } : { is: 'lost' })
    if (again) setTimeout(() => stopping || begin(again), respawnAfterMs)
  }

  function begin(env: Record<string, string>) {
    // A session of its own: what a terminal sends to all is for this process, which ends its children itself.
    const options = { cwd: projectRoot(), env: env as NodeJS.ProcessEnv, detached: true, stdio }
    keeper = spawn('/bin/sh', ['-c', keeperScript, 'maestro-ai-keeper', ...command], options)
      .on('message', hear)
      .on('disconnect', end)
      .on('error', (err) => logger.error({ err }, 'the keeper of the AI server'))
  }

  begin(environment)
  return {
    ai: linkTo(life, { demo, caller }),
    async stop() {
      stopping = true
      if (keeper?.connected) keeper.disconnect()
      await Promise.all([seeOff(keeper?.pid), seeOff(server)])
    },
  }
}
