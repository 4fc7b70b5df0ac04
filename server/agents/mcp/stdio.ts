import type { ChildProcess } from 'node:child_process'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import { buildExecutors, chooseExecutor } from '@/server/builds/service.ts'
import { env } from '@/server/core/env.ts'
import { workFolder } from '@/server/core/paths.ts'
import { spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import type { McpServer } from '../schema.ts'
import { cleanWords } from './clean.ts'
import { makeMeter } from './meter.ts'
import { takeProgram } from './programs.ts'
import { type McpPlace, mcpBounds, mcpProblem } from './types.ts'

type Program = Extract<McpServer, { type: 'stdio' }>

const limits = { memoryMb: 512, processes: 64, fileMb: 64, openFiles: 512, tmpMb: 128 }

/** @throws AppError where no sandbox works: such a program runs nowhere else, whatever the operator allows builds */
async function mustSandbox(): Promise<void> {
  try {
    await chooseExecutor(buildExecutors(), { wanted: 'sandbox', demoModel: false, unsafeAllowed: false })
  } catch (error) {
    throw mcpProblem('Programs run in the sandbox alone, and none works on this machine.', 'mcpNoSandbox', {}, error)
  }
}

function start({ command, args, env: pairs }: Program, { directory, hidden = [] }: McpPlace): ChildProcess {
  const profile = {
    etcDir: writeEtc(workFolder(env().MAESTRO_DATA_DIR, 'sandbox-etc')),
    ...(directory === null ? { scratch: ['/workspace'], cwd: '/workspace' } : { workspace: { path: directory } }),
    hidden: hidden.map((path) => `/workspace/${path}`),
    env: Object.fromEntries(pairs.map(({ name, value }) => [name, value.replaceAll('\0', '')])),
    limits,
    command: [command, ...args],
  }
  return spawnSandbox(profile, { stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Lines of a program, each a message; one that is longer than any may be ends it. */
function reader(take: (line: string) => void, tooLong: () => void) {
  let pieces: Buffer[] = []
  let bytes = 0
  return (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(Buffer.concat([...pieces, chunk.subarray(from, at)]).toString('utf8'))
      pieces = []
      bytes = 0
      from = at + 1
    }
    pieces.push(chunk.subarray(from))
    bytes += chunk.length - from
    if (bytes > mcpBounds.messageBytes) tooLong()
  }
}

/** A program that speaks MCP over its standard input and output, in a sandbox without a network. */
export class SandboxTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  /** The end of what it wrote to its standard error: why it does not work often stands there. */
  lastWords = ''
  readonly meter = makeMeter()
  private child: ChildProcess | null = null

  constructor(
    private readonly server: Program,
    private readonly place: McpPlace,
  ) {}

  async start(): Promise<void> {
    await mustSandbox()
    this.place.signal.throwIfAborted()
    const leave = takeProgram(this.place.owner)
    const child = this.started(leave)
    const ended = this.place.onStart?.(child.pid)
    this.child = child
    this.meter.signal.addEventListener('abort', () => this.end(), { once: true })
    const read = reader(
      (line) => this.take(line),
      () => this.end(),
    )
    child.stdout
      ?.on('data', (chunk: Buffer) => {
        this.meter.bytes(chunk.length)
        read(chunk)
      })
      .on('error', () => undefined)
    child.stderr?.on('data', (chunk: Buffer) => {
      this.lastWords = (this.lastWords + chunk.toString('utf8')).slice(-2_000)
    })
    child.stderr?.on('error', () => undefined)
    child.stdin?.on('error', () => undefined)
    child.once('error', (error) => this.onerror?.(error))
    child.once('exit', () => {
      leave()
      ended?.()
    })
    child.once('close', () => {
      leave()
      this.child = null
      this.onclose?.()
    })
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.child?.stdin?.writable) throw new Error('the program has ended')
    // Whoever asks and asks, and hears no answer, would fill this process's memory with them.
    if (this.child.stdin.writableLength > mcpBounds.messageBytes) this.end()
    this.child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  async close(): Promise<void> {
    const child = this.child
    if (!child) return
    const ended = new Promise<void>((done) => child.once('close', () => done()))
    child.kill('SIGKILL')
    await ended
  }

  /** What it wrote to its standard error, in short. */
  complaint(): string {
    return cleanWords(this.lastWords.trim().split('\n').slice(-3).join(' '), 300)
  }

  private started(orElse: () => void): ChildProcess {
    try {
      return start(this.server, this.place)
    } catch (error) {
      orElse()
      throw error
    }
  }

  private end(): void {
    this.child?.kill('SIGKILL')
  }

  private take(line: string): void {
    if (!line.trim() || this.meter.signal.aborted) return
    try {
      this.onmessage?.(JSONRPCMessageSchema.parse(JSON.parse(line)))
    } catch (error) {
      // Programs print a line of their own now and then; it is no message.
      this.onerror?.(error as Error)
    }
  }
}
