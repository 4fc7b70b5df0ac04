'use client'

import './thread.css'
import { createContext, memo, useContext, useDeferredValue, useMemo, useState } from 'react'
import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { splitBlocks } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { mayHaveFormulas, tidyFormulas } from './formulas.ts'
import { drawable } from './intricate.ts'
import { markdownParts, safeAddress } from './markdown-parts.tsx'
import { safeText } from './safe-text.ts'
import { makeLoaded } from './use-loaded.ts'

const useMath = makeLoaded(() => import('./math.ts').then(({ mathPlugins }) => mathPlugins))

const Block = memo(function Block({ text, final }: { text: string; final: boolean }) {
  // Half a formula is no formula.
  const wanted = final && mayHaveFormulas(text)
  const math = useMath(wanted)
  return (
    <ReactMarkdown
      remarkPlugins={math ? [remarkGfm, [...math.remark]] : [remarkGfm]}
      rehypePlugins={math ? [[...math.rehype]] : []}
      urlTransform={safeAddress}
      components={markdownParts}
    >
      {math ? tidyFormulas(text) : text}
    </ReactMarkdown>
  )
})

/** Whether what comes into sight may first be shown plainly: while one scrolls, frames count more than headings. */
export const DrawLater = createContext(false)

function Blocks({ text, final }: { text: string; final: boolean }) {
  const blocks = useMemo(() => splitBlocks(text), [text])
  const [costs] = useState<{ text: string; cost: number }[]>([])
  const may = useMemo(() => drawable(blocks, costs), [blocks, costs])
  return blocks.map((block, index) => {
    const whole = final || index < blocks.length - 1
    // Blocks only ever follow those that there are: their place is their name.
    const key = index
    if (!may[index])
      return (
        <p key={key} className="whitespace-pre-wrap">
          {block.text}
        </p>
      )
    return block.kind === 'code' ? (
      <CodeBlock key={key} code={block.text} language={block.language} final={whole || block.closed} />
    ) : (
      <div key={key} className="markdown">
        <Block text={block.text} final={whole} />
      </div>
    )
  })
}

/**
 * Markdown of a model or a person: no HTML of its own, no pictures from elsewhere, links that tell nobody where they were followed. While it grows only its
 * last block is drawn anew.
 */
export const MarkdownText = memo(function MarkdownText({ text, final }: { text: string; final: boolean }) {
  const later = useContext(DrawLater)
  // The second drawing is one that the browser's own work may interrupt.
  const drawn = useDeferredValue(true, !later)
  const safe = useMemo(() => safeText(text), [text])
  return (
    <div dir="auto" className="markdown thread-text [overflow-wrap:anywhere]">
      {drawn ? <Blocks text={safe} final={final} /> : <p className="whitespace-pre-line">{safe}</p>}
    </div>
  )
})
