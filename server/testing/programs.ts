import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the bundled programs. */
    programs: string
  }
}

/** Processes that tests start beside themselves, and often kill. */
const sources = {
  'crew-node': 'server/testing/crew-node.ts',
  'rotation-node': 'server/testing/rotation-node.ts',
  'build-server': 'server/testing/build-server.ts',
  'vault-node': 'server/testing/vault-node.ts',
  'stream-node': 'server/testing/stream-node.ts',
  'ai-parent': 'server/testing/ai-parent.ts',
  'executor-worker': 'server/embedded/executor/worker.ts',
}

/** Bundles them once for a run: each is then there in a third of the time that reading its sources one by one takes. */
export async function bundlePrograms(root: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(root, 'node_modules', '.maestro-programs-'))
  const common = { bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external' } as const
  // One that cannot be bundled fails the tests that start it, and no other.
  await build({ absWorkingDir: root, entryPoints: sources, outdir: folder, outExtension: { '.js': '.mjs' }, ...common }).catch(
    (error: Error) => console.error(error.message),
  )
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The path of one of them, as a test starts it: `node <path> …`. */
export const testProgram = (name: keyof typeof sources): string => join(inject('programs'), `${name}.mjs`)
