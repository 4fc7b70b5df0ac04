/** `public/api.js`: Calls to the server. */
export const apiFile = `import { words } from './words.js'

/** What the server refused: its words, and the field they are about. */
export class Failure extends Error {
  constructor({ message, field }) {
    super(message)
    this.field = field
  }
}

/** Calls the server; answers the parsed body and throws a \`Failure\` in words that a person can read. */
export async function call(method, path, body) {
  const init = { method }
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
  const response = await fetch(path, init).catch(() => {
    throw new Failure({ message: words.offline })
  })
  const answer = await response.json().catch(() => null)
  if (!response.ok) throw new Failure(answer?.error ?? { message: words.broken })
  return answer
}

/** The path of an entity's records; a child's stands below its parent. */
export function pathOf(entity, parent) {
  return parent ? entity.path.replace(/:\\w+/, encodeURIComponent(parent.id)) : entity.path
}

/** Every record of an entity, over all pages. */
export async function everyRecord(entity) {
  const records = []
  for (let page = 1; ; page++) {
    const { items, total } = await call('GET', \`\${entity.path}?page=\${page}\`)
    records.push(...items)
    if (items.length === 0 || records.length >= total) return records
  }
}
`
