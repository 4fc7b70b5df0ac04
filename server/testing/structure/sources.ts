import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { type ParseResult, parse } from '@babel/parser'
import { projectRoot } from '@/server/core/paths.ts'

/** One import of one file; `target` is the repository's path, or the package's specifier. */
export interface Import {
  /** As it is written. */
  specifier: string
  target: string
  own: boolean
  typeOnly: boolean
  line: number
}

/** A parsed source file. */
export interface Source {
  path: string
  text: string
  lines: number
  test: boolean
  imports: Import[]
  ast: ParseResult
}

/** A node of the syntax tree, as far as the rules look at one. */
export interface Node {
  type: string
  loc?: { start: { line: number }; end: { line: number } }
  [key: string]: unknown
}

/** Every file that Git tracks or would track; what is ignored (generated code, builds) is nobody's writing. */
export function listFiles(): string[] {
  const out = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot(),
    encoding: 'utf8',
  })
  return [...new Set(out.split('\0'))].filter((path) => path && existsSync(join(projectRoot(), path))).sort()
}

/** Calls `visit` for every node below `root`, parents first. */
export function walk(root: unknown, visit: (node: Node, parent: Node | null) => void, parent: Node | null = null): void {
  if (Array.isArray(root)) for (const item of root) walk(item, visit, parent)
  else if (root && typeof root === 'object' && typeof (root as Node).type === 'string') {
    const node = root as Node
    visit(node, parent)
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'loc' && key !== 'tokens' && !key.endsWith('omments') && value && typeof value === 'object') walk(value, visit, node)
    }
  }
}

const importTypes = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType']

function specifierOf(node: Node): string | null {
  const isCall = node.type === 'CallExpression' && (node.callee as Node).type === 'Import'
  const holder = isCall ? (node.arguments as Node[])[0] : importTypes.includes(node.type) ? (node.source ?? node.argument) : null
  const value = (holder as Node | null)?.value
  return typeof value === 'string' ? value : null
}

const onlyTypes = (node: Node): boolean => {
  if (node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType') return true
  const names = (node.specifiers ?? []) as Node[]
  return node.type === 'ImportDeclaration' && names.length > 0 && names.every((name) => name.importKind === 'type')
}

function importsOf(path: string, ast: ParseResult): Import[] {
  const found: Import[] = []
  walk(ast.program, (node) => {
    const specifier = specifierOf(node)
    if (specifier === null) return
    const own = specifier.startsWith('.') || specifier.startsWith('@/')
    const target = specifier.startsWith('@/') ? specifier.slice(2) : own ? posix.join(dirname(path), specifier) : specifier
    found.push({ specifier, target, own, typeOnly: onlyTypes(node), line: node.loc?.start.line ?? 0 })
  })
  return found
}

/** Reads and parses one source file. */
export function readSource(path: string, text = readFileSync(join(projectRoot(), path), 'utf8')): Source {
  const ast = parse(text, { sourceType: 'module', plugins: path.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] })
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return { path, text, lines, test: /\.(test|spec)\.tsx?$/.test(path), imports: importsOf(path, ast), ast }
}

/** The product's own code: what the rules are about. */
export function readSources(files = listFiles()): Source[] {
  return files.filter((path) => /^(app|components|server|e2e|prisma)\/.*\.(ts|tsx|mjs|mts)$/.test(path)).map((path) => readSource(path))
}
