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

/** Bundles one program. Packages stay outside, so they are loaded once per process. */
async function bundleOne(root, name, source) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: join(root, source), out: name }],
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

/** Bundles every program whose source exists; one that cannot be bundled does not keep the others from it. */
export async function bundle(root) {
  const entries = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)))
  const results = await Promise.allSettled(entries.map(([name, source]) => bundleOne(root, name, source)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
