// Runs before `npm ci`, so it needs nothing but Node.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What is bundled into `dist/`: programs that are started as processes of their own. */
const programs = {
  main: 'server/main.ts',
  cli: 'server/cli.ts',
  supervisor: 'server/supervisor.ts',
  'ai-server': 'server/ai-server.ts',
  forwarder: 'server/deployments/launchers/forwarder.ts',
}

/** Writes whole or not at all, and not where nothing changed: another process may be reading. */
function writeAtomically(file, bytes) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(bytes))) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, bytes)
  renameSync(`${file}.${process.pid}`, file)
}

/** Bundles every program whose source exists. Packages stay outside, so they are loaded once per process. */
export async function bundle(root) {
  const { build } = await import('esbuild')
  const entries = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)))
  if (entries.length === 0) return
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map(([out, source]) => ({ in: join(root, source), out })),
    outdir: join(root, 'dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    write: false,
  })
  for (const file of outputFiles) writeAtomically(file.path, file.contents)
}
