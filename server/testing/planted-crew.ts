import { backendCalls, cleanReview, file, notesFiles, notesTests, operations, specification, testsFile, writes } from './notes-crew.ts'
import type { Script, Talk, ToolCall } from './scripted-model.ts'

/** Gives the next secret or fragment that is to be planted. */
export type Next = () => string

const comment = (next: Next) => `// ${next()}\n`
const say = (next: Next) => `console.log(${JSON.stringify(next())})\n`
const inServer = (more: string) => notesFiles.server.replace('const file = join', `${more}const file = join`)

/** The files of a backend developer who leaves secrets in the code, in what the app says and in what its unit tests print. */
function backend(next: Next): ToolCall[] {
  const unit = `${notesFiles.unit}${comment(next)}${say(next)}`
  return [
    ...backendCalls(inServer(`${comment(next)}${say(next)}`)),
    file('src/check.js', `${notesFiles.check}${comment(next)}`),
    file('src/ledger.js', `${comment(next)}export const ledger = ${JSON.stringify(next())}\n`),
    file('test/check.test.js', unit),
  ]
}

function planned(next: Next): Partial<Script> {
  const spec = specification({ id: 'AC-3', text: `Nobody tests that ${next()}.`, derived: true })
  const architecture = {
    diagram: `flowchart LR\n  page -->|${next()}| server`,
    components: [{ name: 'server', responsibility: next(), files: ['server.js'] }],
    interactions: [{ from: 'page', to: 'server', what: next() }],
    dataFlow: ['page to server'],
    security: ['input is checked'],
    scaling: ['one process'],
  }
  const task = (role: string, path: string) => ({ id: `T-${role}`, role, title: role, detail: next(), files: [path], criteria: ['AC-1'] })
  const tasks = { tasks: [task('backend-developer', 'server.js'), task('frontend-developer', 'public/index.html')] }
  const [summary, functional] = [next(), next()]
  return {
    'product-strategist': () => ({ document: { ...spec, summary, functional: [{ id: 'F-1', text: functional }] } }),
    architect: ({ wanted }: Talk) => ({ document: wanted.includes('tasks') ? tasks : architecture }),
  }
}

/** A crew whose every role says and writes what must not be readable afterwards; its app is deployed all the same. */
export function plantedCrew(next: Next): Partial<Script> {
  const [, tests] = testsFile({ ...notesTests, leaky: `test('it prints', () => console.log(${JSON.stringify(next())}))` })
  const { path, content } = tests as { path: string; content: string }
  const page = `${notesFiles.page}<!-- ${next()} -->\n`
  const words = next()
  const { run, monitoring } = operations({ API_KEY: next(), GREETING: next() })
  const probe = { ...monitoring.probe, path: `/healthz?key=${encodeURIComponent(next())}` }
  const told = { run, monitoring: { ...monitoring, probe }, notes: next() }
  const finding = { severity: 'low', category: 'security', path: 'server.js', line: 3, title: next(), detail: next(), suggestion: next() }
  const review = { ...cleanReview, summary: next(), findings: [finding] }
  const calls = backend(next)
  return {
    ...planned(next),
    'qa-engineer': writes(file(path, `${comment(next)}${content}`)),
    'frontend-developer': ({ turn }) => (turn === 0 ? { calls: [file('public/index.html', page)], text: words } : { text: words }),
    'backend-developer': writes(...calls),
    'code-reviewer': () => ({ document: review }),
    'devops-engineer': () => ({ document: told }),
  }
}

/** The same crew, but a criterion is red: its test, the app and its unit tests quote what must not be readable. */
export function redCrew(next: Next): Partial<Script> {
  const red = `test('[AC-2] ${next()}', async () => assert.equal((await request('GET', '/api/none')).status, 200, ${JSON.stringify(next())}))`
  const failing = `${notesFiles.unit}test('unit', () => { throw new Error(${JSON.stringify(next())}) })\n`
  const server = inServer(`console.error(new Error(${JSON.stringify(next())}))\n`)
  const words = next()
  return {
    'qa-engineer': writes(testsFile({ 'AC-1': notesTests['AC-1'], 'AC-2': red })),
    'backend-developer': ({ turn }) => ({
      ...(turn === 0 ? { calls: [...backendCalls(server), file('test/check.test.js', failing)] } : {}),
      text: words,
    }),
  }
}

/** A crew whose app passes its tests and dies once it is deployed, with last words. */
export function dyingCrew(next: Next): Partial<Script> {
  const environment = operations({ DIE_AFTER_MS: '40', WHO: next(), WHY: next() })
  const server = notesFiles.server.replace("'dying on purpose'", JSON.stringify(next()))
  return {
    'backend-developer': writes(...backendCalls(server)),
    'devops-engineer': () => ({ document: environment }),
  }
}
