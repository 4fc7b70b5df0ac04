'use client'

import ReactMarkdown from 'react-markdown'
import remarkGfm from 'remark-gfm'

/** Markdown from outside: no HTML of its own, no pictures from elsewhere, links that tell nobody where they were followed. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown max-w-prose [overflow-wrap:anywhere]">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{
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
