import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { listFiles, type Node, readSource, type Source, walk } from './structure/sources.ts'

// What the browser says has to be sent to it. A page sends the words of its own components and of no others, and this tells whether it does.

const always = ['errors', 'said']
const sources = new Map(
  listFiles()
    .filter((path) => /^(app|components)\/.*\.tsx?$/.test(path) && !path.startsWith('app/api/') && !/\.test\.tsx?$/.test(path))
    .map((path) => [path, readSource(path)] as const),
)
const isClient = ({ ast }: Source) => ast.program.directives.some(({ value }) => value.value === 'use client')

/** A file and all that it loads, each with whether it runs in the browser. */
function loaded(path: string, client = false, seen = new Map<string, boolean>()): Map<string, boolean> {
  const source = sources.get(path)
  if (!source) return seen
  const inBrowser = client || isClient(source)
  if (seen.get(path) || (seen.has(path) && !inBrowser)) return seen
  seen.set(path, inBrowser)
  for (const { target, own, typeOnly } of source.imports) if (own && !typeOnly) loaded(target, inBrowser, seen)
  return seen
}

const textOf = (node: Node | undefined): string | undefined => {
  if (node?.type === 'StringLiteral') return node.value as string
  if (node?.type === 'TemplateLiteral') return ((node.quasis as Node[])[0]?.value as { raw: string } | undefined)?.raw
  return undefined
}

/** The namespaces that a file speaks from. */
function spoken({ ast }: Source): string[] {
  const found: string[] = []
  walk(ast.program, (node) => {
    if (node.type !== 'CallExpression' || (node.callee as Node).name !== 'useTranslations') return
    found.push(textOf((node.arguments as Node[])[0])?.split('.')[0] || 'a namespace that is not named')
  })
  return found
}

const senders: Record<string, string> = { Alive: 'words', Words: 'of', MoreWords: 'of', Hydrate: 'words' }

/** The namespaces that a file sends. */
function sent({ ast }: Source): string[] {
  const found: string[] = []
  walk(ast.program, (node) => {
    if (node.type !== 'JSXOpeningElement') return
    const name = (node.name as Node).name as string
    if (name === 'Alive') found.push(...always)
    const list = (node.attributes as Node[]).find(
      (attribute) => senders[name] && (attribute.name as Node | undefined)?.name === senders[name],
    )
    walk(list, (inner) => {
      if (inner.type === 'StringLiteral') found.push(inner.value as string)
    })
  })
  return found
}

/** Layouts from the top, then the page: each with what stands in for it. */
function chain(page: string): string[][] {
  const folders: string[] = []
  for (let folder = dirname(page); folder !== '.'; folder = dirname(folder)) folders.unshift(folder)
  const beside = folders.map((folder) => ['layout', 'error', 'loading', 'not-found'].map((name) => `${folder}/${name}.tsx`))
  return [...beside, [page]].map((level) => level.filter((path) => sources.has(path)))
}

const pages = [...sources.keys()].filter((path) => path.endsWith('/page.tsx'))

it.each(pages)('%s sends the browser all the words it needs', (page) => {
  const given = new Set<string>()
  for (const level of chain(page)) {
    const files = new Map(level.flatMap((path) => [...loaded(path)]))
    for (const [path, client] of files) if (!client) for (const name of sent(sources.get(path) as Source)) given.add(name)
    const needed = [...files].filter(([, client]) => client).flatMap(([path]) => spoken(sources.get(path) as Source))
    const missing = [...new Set(needed)].filter((name) => !given.has(name)).sort()
    const told = `${level.join(', ')} does not send these words: ${missing.join(', ')}. Name them in <Hydrate words> or <MoreWords of>.`
    expect(missing.length, told).toBe(0)
  }
})
