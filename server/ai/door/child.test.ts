import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '@/server/core/paths.ts'
import { isAlive } from '@/server/core/process.ts'
import { event, type MessagesApi, startMessagesApi } from '@/server/testing/messages-api.ts'
import { testProgram } from '@/server/testing/programs.ts'
import { ask, post, sealFor } from '@/server/testing/sealed.ts'
import { until } from '@/server/testing/until.ts'
import { type CallerKey, makeCallerKey } from './caller-key.ts'
import { type AiChild, type ChildOptions, startAiChild } from './child.ts'
import { askHealth } from './link.ts'

const secret = 'sk-PLANTED-key-8d21'
let api: MessagesApi
let caller: CallerKey
let dir: string
let child: AiChild | undefined
beforeAll(async () => {
  api = await startMessagesApi()
  caller = await makeCallerKey()
  dir = mkdtempSync(join(tmpdir(), 'maestro-ai-child-'))
})
beforeEach(() => {
  api.answers = []
})
afterEach(async () => {
  await child?.stop()
  child = undefined
})
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await api.stop()
})

function options(over: Partial<ChildOptions> = {}): ChildOptions {
  return {
    command: [process.execPath, join(projectRoot(), 'dist', 'ai-server.js'), 'worker'],
    environment: {
      PATH: process.env.PATH ?? '',
      ...{ ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: secret, AI_SERVER_PORT: '0', MAESTRO_LOG_LEVEL: 'silent' },
      ...{ AI_SERVER_KEY_FILE: join(dir, 'server.key'), AI_SERVER_CALLERS: JSON.stringify({ keys: [caller.jwk] }) },
      ...over.environment,
    },
    renewable: over.renewable ?? false,
    demo: false,
    caller,
  }
}

/** Processes whose environment names this test's key file, by what they run: the keeper is a shell. */
function family(): { keeper: number | undefined; server: number | undefined } {
  const found: { keeper: number | undefined; server: number | undefined } = { keeper: undefined, server: undefined }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(join(dir, 'server.key')) || !isAlive(Number(pid))) continue
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (words.includes('maestro-ai-keeper')) found.keeper = Number(pid)
      else if (words[2] === 'worker') found.server = Number(pid)
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}
const kill = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGKILL')
const wholeAnswer = async () => (await ask((child as AiChild).ai)).whole

describe('the AI server below the app', () => {
  it('answers, has nothing of the app in its environment, and leaves nothing when it is ended', async () => {
    child = startAiChild(options())
    expect(await wholeAnswer()).toBe(true)
    expect(api.asked.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)
    await askHealth(child.ai)
    const { keeper, server } = family()
    const names = readFileSync(`/proc/${server}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((line) => line.split('=')[0])
    const own = [
      'AI_SERVER_CALLERS',
      'AI_SERVER_KEY_FILE',
      'AI_SERVER_PORT',
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_BASE_URL',
      'MAESTRO_LOG_LEVEL',
      'PATH',
    ]
    // The last three are the shell's and Node's channel.
    expect(
      names
        .filter((name) => !['PWD', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'OLDPWD', '_', 'SHLVL'].includes(name ?? ''))
        .sort(),
    ).toEqual(own)
    // The keeper is a shell, of a few megabytes; Node would be ten times as large.
    const kb = Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${keeper}/status`, 'utf8'))?.[1])
    expect(kb).toBeLessThan(20_000)
    await child.stop()
    expect(family()).toEqual({ keeper: undefined, server: undefined })
  })

  it('that was killed is started again at once; what was sent to the former is refused by the latter', async () => {
    child = startAiChild(options())
    const sealed = await sealFor(child.ai)
    expect((await post(child.ai.url(), sealed.jwe, { sealed })).whole).toBe(true)
    const first = family()
    kill(first.server)
    await until(() => family().server !== first.server && family().server)
    expect(await until(wholeAnswer)).toBe(true)
    expect(family().keeper).toBe(first.keeper)
    expect((await post(child.ai.url(), sealed.jwe)).refusal?.code).toBe('before-start')
  })

  it('takes twenty streams with it when it is killed: each ends without its end, and can be asked anew', async () => {
    child = startAiChild(options())
    api.usual = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event({ type: 'ping' }))
    let begun = 0
    const { ai } = child
    const streams = Array.from({ length: 20 }, () => ask(ai, { onFrame: ({ kind }) => kind === 'data' && begun++ }))
    await until(() => begun === 20)
    kill(family().server)
    expect((await Promise.all(streams)).map(({ whole }) => whole)).toEqual(Array(20).fill(false))
    api.usual = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event({ type: 'ping' }))
    await until(wholeAnswer)
    expect(await Promise.all(Array.from({ length: 20 }, async () => (await ask(ai)).whole))).toEqual(Array(20).fill(true))
  })

  it('whose keeper was killed goes on; once it ends too, its key is lost, and that is said in words', async () => {
    child = startAiChild(options())
    await child.ai.serverKey()
    const { keeper, server } = family()
    kill(keeper)
    await until(() => !isAlive(keeper ?? 0))
    expect(await wholeAnswer()).toBe(true)
    kill(server)
    const { ai } = child
    await until(async () => (await ai.serverKey().catch((error) => error)).key === 'aiServerLost')
    expect(() => ai.url()).toThrow(/start Maestro again/)
    await expect(askHealth(ai)).rejects.toThrow(/start Maestro again/)
  })

  it('is started again together with its keeper where nothing of its environment is a secret of others', async () => {
    const keyFile = join(dir, 'anthropic.key')
    writeFileSync(keyFile, `${secret}\n`, { mode: 0o600 })
    child = startAiChild(options({ renewable: true, environment: { ANTHROPIC_API_KEY: '', ANTHROPIC_API_KEY_FILE: keyFile } }))
    expect(await wholeAnswer()).toBe(true)
    const { keeper, server } = family()
    kill(keeper)
    kill(server)
    await until(() => family().server && family().server !== server)
    expect(await until(wholeAnswer)).toBe(true)
    expect(api.asked.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)
  })

  it('that cannot start says why', async () => {
    writeFileSync(join(dir, 'broken.key'), 'no key')
    child = startAiChild(options({ environment: { AI_SERVER_KEY_FILE: join(dir, 'broken.key') } }))
    const { ai } = child
    await expect(ai.serverKey()).rejects.toThrow(/does not start: The file .*broken\.key holds no private key/)
    await expect(askHealth(ai)).rejects.toThrow(/does not start/)
  })
})

describe('whose app is gone', () => {
  async function parent(): Promise<ChildProcess> {
    const program = [testProgram('ai-parent'), JSON.stringify(options())]
    const started = spawn(process.execPath, program, { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
    await once(started.stdout, 'data')
    return started
  }

  it.each(['SIGKILL', 'SIGTERM'] as const)('by %s, it ends, and its keeper with it', async (signal) => {
    const started = await parent()
    const { keeper, server } = family()
    expect([isAlive(keeper ?? 0), isAlive(server ?? 0)]).toEqual([true, true])
    started.kill(signal)
    await until(() => !isAlive(keeper ?? 0) && !isAlive(server ?? 0))
  })

  it('and that was killed just then, it is not left waiting to be started again', async () => {
    const started = await parent()
    const { keeper, server } = family()
    kill(server)
    started.kill('SIGKILL')
    await until(() => !isAlive(keeper ?? 0) && !family().server)
  })
})

it('its program holds neither the database, nor the pages, nor any domain but its own and the table of models', async () => {
  const { metafile } = await build({
    absWorkingDir: projectRoot(),
    entryPoints: ['server/ai-server.ts'],
    ...{ bundle: true, platform: 'node', format: 'esm', write: false, metafile: true, outdir: 'dist', logLevel: 'silent' },
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs.filter((path) => /node_modules\/(@prisma|prisma|pg|next|react|inngest|socket\.io)\b/.test(path))).toEqual([])
  expect(inputs.filter((path) => /^server\/(?!ai\/|core\/|models\/schema\.ts|ai-server\.ts)/.test(path))).toEqual([])
  expect(inputs.filter((path) => /^server\/(core\/(db|registry|gates)\.ts|ai\/(data|service|door))/.test(path))).toEqual([])
})
