import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { environmentWith } from '@/server/core/env.ts'
import { projectRoot } from '@/server/core/paths.ts'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** Bundles the server's process, or another program, from its sources as they are now; the pages are those of the last build. */
export async function bundleServer(source = 'main.ts'): Promise<{ program: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(projectRoot(), 'node_modules', '.maestro-server-'))
  const program = join(dir, 'main.mjs')
  const entryPoints = [join(projectRoot(), 'server', source)]
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external' })
  return { program, remove: () => rm(dir, { recursive: true, force: true }) }
}

export interface ServerProcess {
  child: ChildProcess
  output(): string
  /** Resolves with its exit code, or null where a signal ended it. */
  ended: Promise<number | null>
}

/** Starts the server as a process of its own. */
export function startServer(program: string, environment: Record<string, string>): ServerProcess {
  const env = environmentWith({ NODE_ENV: 'production', MAESTRO_LOG_LEVEL: 'warn', ...environment })
  const child = spawn(process.execPath, [program], { cwd: projectRoot(), env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      output += bytes
    })
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) }
}

export interface Answer {
  status: number
  text: string
}

/** One request to a port of this machine under any Host; Node does not resolve `*.localhost`. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', body } = options
    const headers = { host: `localhost:${port}`, ...options.headers }
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
