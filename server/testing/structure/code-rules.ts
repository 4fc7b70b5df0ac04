import { placeOf } from './places.ts'
import { type Node, type Source, walk } from './sources.ts'

const functionTypes = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]
const brands = ['ProjectId', 'ActorId']
const spokenAttributes = ['title', 'alt', 'placeholder', 'label', 'aria-label', 'aria-description', 'description']
/** An address is no words: it reads the same in every language. */
const hasWords = (text: unknown) => typeof text === 'string' && /\p{L}{2}/u.test(text.replace(/https?:\S+/g, ''))
const lineOf = (node: Node) => node.loc?.start.line ?? 0
const nameOf = (node: unknown): string => {
  const name = (node as { name?: unknown } | null)?.name
  return typeof name === 'string' ? name : ''
}

/** Casts to a branded id outside the gates: whoever mints one says that a permission was checked. */
export function mintComplaints(source: Source): string[] {
  if (source.path === 'server/core/gates.ts') return []
  const found: string[] = []
  walk(source.ast.program, (node) => {
    if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return
    walk(node.typeAnnotation, (type) => {
      if (type.type !== 'TSTypeReference' || !brands.includes(nameOf(type.typeName))) return
      found.push(
        `${source.path}:${lineOf(node)} mints a ${nameOf(type.typeName)}: only core/gates.ts does; tests ask factories.ts (asProject, asActor)`,
      )
    })
  })
  return found
}

/** Reads of the environment outside core/env.ts. */
export function environmentComplaints(source: Source): string[] {
  if (['server/core/env.ts', 'server/bootstrap.mjs'].includes(source.path) || source.test) return []
  const found: string[] = []
  walk(source.ast.program, (node) => {
    const reads = node.type === 'MemberExpression' && nameOf(node.object) === 'process' && nameOf(node.property) === 'env'
    if (reads) found.push(`${source.path}:${lineOf(node)} reads process.env: only core/env.ts does; add a variable to its schema`)
  })
  return found
}

function spokenText(node: Node, parent: Node | null): unknown {
  if (node.type === 'JSXText') return node.value
  if (node.type === 'StringLiteral' && parent?.type === 'JSXExpressionContainer') return node.value
  const attribute = node.type === 'JSXAttribute' && spokenAttributes.includes(nameOf(node.name))
  return attribute ? (node.value as Node | null)?.value : null
}

/** Words in a page or component that a person would read in one language only. */
export function wordComplaints(source: Source): string[] {
  const { kind } = placeOf(source.path)
  if ((kind !== 'app' && kind !== 'components') || source.test) return []
  const found: string[] = []
  walk(source.ast.program, (node, parent) => {
    // A string as an attribute's expression is a class name or a key; what is read stands between tags.
    const text = spokenText(node, parent)
    const inAttribute =
      node.type === 'StringLiteral' &&
      node.extra &&
      source.text
        .slice(0, (node as unknown as { start: number }).start)
        .trimEnd()
        .endsWith('={')
    if (hasWords(text) && !inAttribute)
      found.push(
        `${source.path}:${lineOf(node)} says ${JSON.stringify(String(text).trim())}: words belong in server/core/messages/{en,ko}.json`,
      )
  })
  return found
}

/** Files (in lines) may be this long: a page composes, a test or its material tells a story, code does one thing. */
function lineLimit(source: Source): number {
  const { kind } = placeOf(source.path)
  if (source.test || kind === 'testing') return 400
  return kind === 'app' ? 80 : 299
}

const span = ({ loc }: Node) => (loc ? loc.end.line - loc.start.line + 1 : 0)

/** A function's lines without those of the functions inside it, so that a closure is measured like a class: by its methods. */
function ownLines(outer: Node): number {
  let lines = span(outer)
  const subtract = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) subtract(item)
    else if (node && typeof node === 'object' && typeof (node as Node).type === 'string') {
      if (functionTypes.includes((node as Node).type)) lines -= span(node as Node) - 1
      else for (const [key, value] of Object.entries(node)) if (key !== 'loc') subtract(value)
    }
  }
  for (const [key, value] of Object.entries(outer)) if (key !== 'loc') subtract(value)
  return lines
}

/** Files and functions that have outgrown their place. */
export function lengthComplaints(source: Source): string[] {
  const limit = lineLimit(source)
  const found = source.lines <= limit ? [] : [`${source.path} has ${source.lines} lines (at most ${limit}): split it by concern`]
  if (limit === 400) return found
  walk(source.ast.program, (node) => {
    const lines = functionTypes.includes(node.type) ? ownLines(node) : 0
    if (lines >= 50) found.push(`${source.path}:${lineOf(node)} is a function of ${lines} lines (under 50): split it`)
  })
  return found
}

/** New clients of the Messages API anywhere but behind the one door. */
export function modelComplaints(source: Source): string[] {
  if (/^server\/(ai\/|ai-server\.ts)/.test(source.path) || source.test) return []
  const found: string[] = []
  walk(source.ast.program, (node) => {
    if (node.type === 'NewExpression' && nameOf(node.callee) === 'Anthropic')
      found.push(`${source.path}:${lineOf(node)} makes a model client: take one from ai/service.ts`)
  })
  return found
}
