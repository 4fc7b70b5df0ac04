'use client'

import { memo } from 'react'
import type { Part } from '@/server/chats/schema.ts'
import { MarkdownText } from './markdown-text.tsx'
import { FilePart, NoticePart, SourcesPart } from './small-parts.tsx'
import { ThinkingPart } from './thinking-part.tsx'
import { ToolCard } from './tool-card.tsx'

const PartView = memo(function PartView({ part, final, cited }: { part: Part; final: boolean; cited: number }) {
  switch (part.type) {
    case 'text':
      return part.text.trim() ? <MarkdownText text={part.text} final={final} /> : null
    case 'thinking':
      return <ThinkingPart part={part} final={final} />
    case 'tool':
      return <ToolCard part={part} />
    case 'file':
      return <FilePart part={part} />
    case 'sources':
      return <SourcesPart part={part} cited={cited} />
    case 'notice':
      return <NoticePart part={part} />
  }
})

/** How many passages came before a part: an answer numbers all of its sources in one row. */
const citedBefore = (parts: readonly Part[], index: number) =>
  parts.slice(0, index).reduce((sum, part) => sum + (part.type === 'sources' ? part.items.length : 0), 0)

/** The parts of a message in their order; only the last one of an answer in the making still grows. */
export function PartsView({ parts, open }: { parts: readonly Part[]; open: boolean }) {
  return (
    <div className="grid grid-cols-1 gap-2.5">
      {parts.map((part, index) => (
        <PartView
          // biome-ignore lint/suspicious/noArrayIndexKey: a part's place is its name.
          key={index}
          part={part}
          final={!open || index < parts.length - 1}
          cited={part.type === 'sources' ? citedBefore(parts, index) : 0}
        />
      ))}
    </div>
  )
}
