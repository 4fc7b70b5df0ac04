import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program and its arguments. */
type Command = readonly string[]

interface Done {
  /** Milliseconds since the epoch. */
  startedAt: number
  tookMs: number
  /** What each command printed. */
  said: string[]
}

/** A Node process that does nothing but start commands, one after another: what no executor can beat. */
export interface BareNode {
  run(...commands: Command[]): Promise<Done>
  stop(): void
}

const program = `
const { spawn } = require('node:child_process')
const now = () => performance.timeOrigin + performance.now()
const run = ([program, ...args]) => new Promise((resolve, reject) => {
  const child = spawn(program, args)
  let said = ''
  child.stdout.on('data', (chunk) => { said += chunk })
  child.on('error', reject).on('close', () => resolve(said))
})
process.on('message', async (commands) => {
  const startedAt = now()
  const said = []
  for (const command of commands) said.push(await run(command))
  process.send({ startedAt, tookMs: now() - startedAt, said })
})
process.on('disconnect', () => process.exit(0))`

/** Starts it. It is small, so starting a process costs it less than it costs a server. */
export function bareNode(): BareNode {
  const child: ChildProcess = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    async run(...commands) {
      const answer = once(child, 'message')
      child.send(commands)
      return (await answer)[0] as Done
    },
    stop: () => child.disconnect(),
  }
}

/** Five times `true` by this very process, in milliseconds. */
export async function ownSpawns(): Promise<number> {
  const five = async () => {
    for (let at = 0; at < 5; at++) await once(spawn('true'), 'close')
  }
  return timed(five)
}

/** Five times `true`, in milliseconds. */
export async function fiveSpawns(node: BareNode): Promise<number> {
  return (await node.run(['true'], ['true'], ['true'], ['true'], ['true'])).tookMs
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
