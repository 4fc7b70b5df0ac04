'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { splitBlocks } from '@/components/workspace/blocks.ts'
import { drawable } from '@/components/workspace/intricate.ts'

/** A task list's box; it tells a screen reader what its tick tells the eye. */
function Tick({ checked }: { checked: boolean | undefined }) {
  const t = useTranslations('artifacts.task')
  return <input type="checkbox" disabled checked={checked ?? false} aria-label={t(checked ? 'done' : 'open')} />
}

/** Markdown from outside: no HTML of its own, no pictures from elsewhere, links that tell nobody where they were followed. */
export function Markdown({ text }: { text: string }) {
  const whole = useMemo(() => drawable(splitBlocks(text)).every(Boolean), [text])
  // A text that was made to keep a page busy is shown as it stands.
  if (!whole) return <p className="max-w-prose whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>
  return (
    <div className="markdown max-w-prose [overflow-wrap:anywhere]">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{
          input: ({ checked }) => <Tick checked={checked} />,
          img: ({ alt }) => <em className="text-faint">{alt}</em>,
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener nofollow">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  )
}
