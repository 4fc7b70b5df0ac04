/**
 * The AI server's process, the only one that knows the key to Claude: `npm run ai-server`, or below the app (`worker`). Nothing of the
 * app's environment is wanted here, so it is forgotten before any other module is evaluated.
 */
import { forgotten } from './ai/server/forgetting.ts'

import { printThumbprints, serve, serveBelow } from './ai/server/program.ts'
import { parseAiServerEnv } from './core/env.ts'

const commands: Record<string, () => Promise<void>> = {
  serve: () => serve(parseAiServerEnv(), forgotten),
  worker: () => serveBelow(parseAiServerEnv()),
  thumbprint: () => printThumbprints(parseAiServerEnv()),
}

try {
  const [name = 'serve'] = process.argv.slice(2)
  if (!Object.hasOwn(commands, name)) throw new Error(`npm run ai-server -- [${Object.keys(commands).join(' | ')}]`)
  await commands[name]?.()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
