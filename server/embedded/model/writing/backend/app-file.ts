import type { AppModel, Entity } from '../../app-model.ts'
import { capital, lines, literal } from '../code.ts'
import { rulesOf } from '../shape.ts'

/** `src/app.js`: everything the app answers, in one list. */

function importLine(entity: Entity): string {
  const counter = rulesOf(entity, 'counter').length > 0 ? `open${capital(entity.name)}, ` : ''
  return `import { ${counter}${entity.plural}Routes } from './routes/${entity.plural}.js'`
}

/** Children first, so that a parent's `/:id/<path>` never takes their place; counters before all. */
function routeLines(model: AppModel): string[] {
  const counters = model.entities.flatMap((entity) =>
    rulesOf(entity, 'counter').map((rule) => `  app.get('${rule.route}', open${capital(entity.name)}(store))`),
  )
  const byDepth = [...model.entities].sort((a, b) => b.route.split('/').length - a.route.split('/').length)
  return [...counters, ...byDepth.map((entity) => `  app.route('${entity.route}', ${entity.plural}Routes(store))`)]
}

export function appFile(model: AppModel): string {
  return `${lines(
    "import { fileURLToPath } from 'node:url'",
    "import { serveStatic } from '@hono/node-server/serve-static'",
    "import { Hono } from 'hono'",
    "import { bodyLimit } from 'hono/body-limit'",
    "import { Refused } from './errors.js'",
    "import { logTo, protect } from './http.js'",
    "import { say } from './messages.js'",
    ...model.entities.map(importLine),
    '',
    "const page = fileURLToPath(new URL('../public', import.meta.url))",
    'const MEGABYTE = 1024 * 1024',
    '',
    '/** What the store keeps. */',
    `export const collections = ${literal(model.entities.map((entity) => entity.plural))}`,
    '',
    '/** The whole app over a store; `log` gets one line for each request. */',
    'export function createApp(store, { log = () => {} } = {}) {',
    '  const app = new Hono()',
    '  app.use(logTo(log), protect)',
    '  app.use(bodyLimit({ maxSize: MEGABYTE, onError: (c) => c.json(new Refused(say.tooLarge), 413) }))',
    "  app.get('/healthz', (c) => c.json({ ok: true }))",
    '',
    ...routeLines(model),
    "  app.use('/*', serveStatic({ root: page }))",
    '',
    '  app.notFound((c) => c.json(new Refused(say.notFound), 404))',
    '  app.onError((error, c) => {',
    '    if (error instanceof Refused) return c.json(error, error.status)',
    '    console.error(error)',
    '    return c.json(new Refused(say.broken), 500)',
    '  })',
    '  return app',
    '}',
  )}\n`
}
