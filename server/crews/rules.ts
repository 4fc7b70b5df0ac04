import type { RunDescription } from '@/server/deployments/schema.ts'
import type { Architecture, Criterion, Failure, Operations, Specification, Tasks } from './schema.ts'

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')
const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')

/**
 * Numbers criteria as the gate needs them: AC-1, AC-2 … in the order given, each id once. A role may number them oddly; what it
 * says of a criterion is kept.
 */
export function numberCriteria(criteria: readonly Criterion[]): Criterion[] {
  return criteria.map((criterion, index) => ({ ...criterion, id: `AC-${index + 1}` }))
}

/** The specification as people read it. */
export function specificationText(spec: Specification): string {
  const entities = spec.database.map(
    ({ entity, fields }) =>
      `### ${entity}\n\n${table(
        ['field', 'type', 'required', 'note'],
        fields.map((field) => [field.name, field.type, field.required ? 'yes' : 'no', field.note]),
      )}`,
  )
  return [
    `# ${spec.title}`,
    spec.summary,
    '## Functional requirements',
    list(spec.functional.map(({ id, text }) => `**${id}** ${text}`)),
    '## Non-functional requirements',
    list(spec.nonFunctional.map(({ id, text }) => `**${id}** ${text}`)),
    '## Acceptance criteria',
    table(
      ['id', 'criterion', 'origin'],
      spec.criteria.map(({ id, text, derived }) => [id, text, derived ? 'derived' : 'issue']),
    ),
    '## Stack',
    table(
      ['part', 'choice', 'why'],
      spec.stack.map(({ part, choice, why }) => [part, choice, why]),
    ),
    '## Database',
    ...entities,
    '## API',
    table(
      ['method', 'path', 'does'],
      spec.api.map(({ method, path, does }) => [method, `\`${path}\``, does]),
    ),
    '## Interface',
    list(spec.ui.map(({ view, shows, actions }) => `**${view}**: ${shows}${actions.length > 0 ? ` (${actions.join(', ')})` : ''}`)),
  ].join('\n\n')
}

/** The architecture as people read it; the diagram stays Mermaid. */
export function architectureText(architecture: Architecture): string {
  return [
    '# Architecture',
    `\`\`\`mermaid\n${architecture.diagram.replaceAll('```', '')}\n\`\`\``,
    '## Components',
    table(
      ['component', 'responsibility', 'files'],
      architecture.components.map(({ name, responsibility, files }) => [name, responsibility, files.join(', ')]),
    ),
    '## Interactions',
    list(architecture.interactions.map(({ from, to, what }) => `${from} → ${to}: ${what}`)),
    '## Data flow',
    list(architecture.dataFlow),
    '## Security',
    list(architecture.security),
    '## Scaling',
    list(architecture.scaling),
  ].join('\n\n')
}

/** The tasks as people read them. */
export function tasksText({ tasks }: Tasks): string {
  const rows = tasks.map(({ id, role, title, detail, files, criteria }) => [
    id,
    role,
    `${title}: ${detail}`,
    files.join(', '),
    criteria.join(', '),
  ])
  return ['# Tasks', table(['id', 'role', 'task', 'files', 'criteria'], rows)].join('\n\n')
}

/** The run description and the thresholds as people read them. */
export function operationsText({ run, monitoring, notes }: Operations): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return [
    '# Operations',
    list([
      `start: \`${run.start.join(' ')}\``,
      `health: \`${run.healthPath}\`, probed every ${monitoring.probe.intervalMs / 1000} s`,
      `memory: ${run.memoryMb} MB`,
      `thresholds: cpu ${percent(monitoring.thresholds.cpu)}, memory ${percent(monitoring.thresholds.memory)}, error rate ${percent(monitoring.thresholds.errorRate)}`,
    ]),
    notes,
  ].join('\n\n')
}

/** The tasks of one developer. */
export const tasksOf = ({ tasks }: Tasks, role: 'frontend-developer' | 'backend-developer'): Tasks => ({
  tasks: tasks.filter((task) => task.role === role),
})

/** The names of the failed tests in what node's test runner printed, in either of its formats, each once and sorted. */
export function failedTestNames(output: string): string[] {
  const names = [...output.matchAll(/^\s*(?:not ok \d+ - |✖ )(.+?)(?: \([\d.]+m?s\))?$/gm)].map(([, name = '']) => name)
  return [...new Set(names)].filter((name) => name !== 'failing tests:').sort()
}

/** Whether an app's output speaks of an error; what a healthy app prints is of no use to who has to mend it. */
export const looksBroken = (output: string): boolean => /error|exception|\bat .+:\d+:\d+/i.test(output)

/** Variables that would change what runs, and not only how it behaves. */
const forbiddenVariable = /^(?:LD_|NODE_|NPM_|DYLD_)|^(?:PATH|HOME|PORT|DATA_DIR|TMPDIR|SHELL)$/

/**
 * The run description the platform carries out. What was tested is `npm start` of this very app, so nothing else is deployed, however the
 * role words it; `changed` says what was put right.
 */
export function boundRun(run: RunDescription): { run: RunDescription; changed: string[] } {
  const dropped = Object.keys(run.env).filter((name) => forbiddenVariable.test(name))
  const env = Object.fromEntries(Object.entries(run.env).filter(([name]) => !dropped.includes(name)))
  const sameStart = ['npm start', 'node server.js'].includes(run.start.join(' '))
  const changed = [
    ...(sameStart ? [] : ['the app is started with npm start, as it was tested']),
    ...dropped.map((name) => `${name} is not set`),
  ]
  return { run: { ...run, start: ['npm', 'start'], env }, changed }
}

/** What the platform checks besides the criteria. */
export const unitId = 'unit-tests'
export const mergeId = 'merge'
const checkIds = [unitId, mergeId]

/** Why a build with red criteria or checks failed. */
export function redReason(failures: readonly Failure[], repeated: boolean): string {
  const ids = failures.filter(({ id }) => /^AC-\d+$/.test(id)).map(({ id }) => id)
  const checks = failures.filter(({ id }) => checkIds.includes(id)).map(({ text }) => text)
  const what = [
    ...(ids.length > 0 ? [`Red criteria: ${ids.join(', ')}.`] : []),
    ...(checks.length > 0 ? [`Red checks: ${checks.join(', ')}.`] : []),
    ...(repeated ? ['A round of repairs changed nothing about it.'] : []),
  ]
  return what.join(' ')
}

/** What was not verified, where nothing is red. */
export function unverifiedReason(criteria: readonly { id: string; result: string }[]): string {
  const ids = criteria.filter(({ result }) => result === 'unverified').map(({ id }) => id)
  return ids.length > 0 ? `Not verified: ${ids.join(', ')}.` : 'Nothing was verified.'
}
