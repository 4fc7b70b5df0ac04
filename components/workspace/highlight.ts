import rehypeHighlight from 'rehype-highlight'

/** A piece of code in one colour; pieces may stand in pieces. */
export interface Colored {
  className: string
  children: (Colored | string)[]
}

interface HastNode {
  type: string
  value?: string
  properties?: { className?: unknown }
  children?: HastNode[]
}

const attach = rehypeHighlight as unknown as (options: { detect: boolean }) => (tree: unknown, file: unknown) => void
const transform = attach({ detect: false })

function toColored(node: HastNode): Colored | string {
  if (node.type === 'text') return node.value ?? ''
  const names = node.properties?.className
  return { className: Array.isArray(names) ? names.join(' ') : '', children: (node.children ?? []).map(toColored) }
}

/** Colours code of a known language; of another it is left as it is. Only text and class names come out. */
export function highlight(code: string, language: string): (Colored | string)[] {
  const element: HastNode & { tagName: string } = {
    type: 'element',
    tagName: 'code',
    properties: { className: [`language-${language}`] },
    children: [{ type: 'text', value: code }],
  }
  const pre = { type: 'element', tagName: 'pre', properties: {}, children: [element] }
  try {
    transform({ type: 'root', children: [pre] }, { message: () => undefined })
  } catch {
    return [code]
  }
  return (element.children ?? []).map(toColored)
}
