import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { env } from '@/server/core/env.ts'
import { projectRoot } from '@/server/core/paths.ts'
import type { Programs } from './types.ts'

const sources = {
  supervisor: 'server/supervisor.ts',
  forwarder: 'server/deployments/launchers/forwarder.ts',
  terminal: 'server/terminals/shells/inside.ts',
  pages: 'server/terminals/previews/pages.ts',
} as const
const names = Object.keys(sources) as (keyof Programs)[]
const at = (folder: string) => Object.fromEntries(names.map((name) => [name, join(folder, `${name}.js`)])) as unknown as Programs

/** Bundles the programs, each into one file that stands alone: they start fast and need little memory. `outdir` only names them. */
export async function bundlePrograms(root: string, outdir: string): Promise<{ path: string; contents: Uint8Array }[]> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(sources).map(([out, path]) => ({ in: join(root, path), out })),
    outdir,
    write: false,
    bundle: true,
    // It has a binary, which is mounted beside the program that uses it.
    external: ['@lydell/node-pty'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  })
  return outputFiles
}

/** The folder is named by its content and appears whole: several processes may make it at once, and one in use never changes. */
async function bundleInto(root: string): Promise<Programs> {
  const files = await bundlePrograms(root, '/programs')
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.contents)
  const folder = join(root, 'node_modules', '.cache', 'maestro-programs', hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return at(folder)
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  for (const file of files) await writeFile(join(draft, basename(file.path)), file.contents)
  await writeFile(join(draft, 'package.json'), '{"type":"module"}')
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  return at(folder)
}

let made: Promise<Programs> | undefined

/** The built programs; in development and tests, where nothing is built, they are bundled once a process. */
export function programs(root = projectRoot()): Promise<Programs> {
  const built = at(resolve(root, 'dist'))
  made ??= env().NODE_ENV === 'production' && existsSync(built.supervisor) ? Promise.resolve(built) : bundleInto(root)
  return made
}
