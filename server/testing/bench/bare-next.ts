import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environmentWith } from '@/server/core/env.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { ask, freePort } from '@/server/testing/server-process.ts'
import { until } from '@/server/testing/until.ts'
import { load, type Target } from './load.ts'

/** The least that a Next.js application with a page drawn at each request can be. */
const files: Record<string, string> = {
  'package.json': '{ "private": true, "type": "module" }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(projectRoot())} } }`,
  'app/layout.jsx': `export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html> }`,
  'app/page.jsx': `import { headers } from 'next/headers'
    export default async function Page() { return <p>Hello {(await headers()).get('host')}</p> }`,
  // The same kind of server as Maestro's own, with nothing in front.
  'server.mjs': `import { createServer } from 'node:http'
    import next from 'next'
    const app = next({ dev: false, dir: import.meta.dirname, hostname: 'localhost', port: Number(process.env.PORT) })
    await app.prepare()
    const handle = app.getRequestHandler()
    createServer((request, response) => handle(request, response)).listen(Number(process.env.PORT), '127.0.0.1')`,
}

const nextBin = () => join(projectRoot(), 'node_modules', 'next', 'dist', 'bin', 'next')

/** It stands inside this checkout, so that the packages are the ones that Maestro has. */
async function build(): Promise<string> {
  const dir = await mkdtemp(join(projectRoot(), 'dist', 'bare-next-'))
  await mkdir(join(dir, 'app'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  const env = environmentWith({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' })
  const child = spawn(process.execPath, [nextBin(), 'build'], { cwd: dir, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error('the bare application could not be built')
  return dir
}

async function serve(dir: string, args: (port: number) => string[]): Promise<{ target: Target; child: ChildProcess }> {
  const port = await freePort()
  const env = environmentWith({ NODE_ENV: 'production', PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' })
  const child = spawn(process.execPath, args(port), { cwd: dir, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const answers = async () => (await ask(port, '/').catch(() => null))?.status === 200
  await until(answers, { timeoutMs: 30_000, everyMs: 50, what: 'the bare page' })
  return { target: { url: `http://127.0.0.1:${port}/` }, child }
}

export interface BareNext {
  target: Target
  /** Which of its two servers it is: the faster one. */
  how: string
  stop(): Promise<void>
}

/** Builds it with Next as it is installed here, and serves it in both ways there are; the faster one is kept. */
export async function bareNext(): Promise<BareNext> {
  const dir = await build()
  const custom = await serve(dir, () => ['server.mjs'])
  const plain = await serve(dir, (port) => [nextBin(), 'start', '-p', String(port), '-H', '127.0.0.1'])
  const rates = { custom: 0, plain: 0 }
  for (const seconds of [2, 2]) {
    rates.custom = (await load(custom.target, seconds)).rate
    rates.plain = (await load(plain.target, seconds)).rate
  }
  const [kept, other, how] = rates.custom > rates.plain ? [custom, plain, 'a custom server'] : [plain, custom, '`next start`']
  other.child.kill('SIGKILL')
  return {
    target: kept.target,
    how,
    async stop() {
      kept.child.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
    },
  }
}
