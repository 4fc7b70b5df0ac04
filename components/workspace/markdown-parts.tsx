'use client'

import { useTranslations } from 'next-intl'
import type { ReactElement, ReactNode } from 'react'
import type { Components } from 'react-markdown'
import { Scroller } from '@/components/ui/scroller.tsx'
import { CodeBlock } from './code-block.tsx'

const outside = /^(https?:\/\/|mailto:)/i

/** Addresses that a text from outside may lead to; all others are none. Notes at its foot lead within it. */
export const safeAddress = (url: string): string => (outside.test(url) || url.startsWith('#user-content-') ? url : '')

function OutsideLink({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  if (!href) return <span>{children}</span>
  if (href.startsWith('#')) return <a href={href}>{children}</a>
  return (
    <a href={href} title={href} target="_blank" rel="noreferrer noopener nofollow ugc">
      {children}
    </a>
  )
}

/** A picture from elsewhere would tell its server who reads this: it is a link. */
function PictureLink({ src, alt }: { src?: unknown; alt?: string | undefined }) {
  const t = useTranslations('thread')
  const href = typeof src === 'string' ? src : ''
  return <OutsideLink href={href}>{t('picture', { name: alt || href })}</OutsideLink>
}

function Tick({ checked }: { checked: boolean | undefined }) {
  const t = useTranslations('thread.task')
  return <input type="checkbox" disabled checked={checked ?? false} aria-label={t(checked ? 'done' : 'open')} className="mr-1.5" />
}

const textOf = (node: ReactNode): string =>
  typeof node === 'string'
    ? node
    : Array.isArray(node)
      ? node.map(textOf).join('')
      : node === null || node === undefined
        ? ''
        : String(node)

/** Code inside of lists and quotations; what stands by itself never comes here. */
function NestedCode({ children }: { children?: ReactNode }) {
  const code = (children as ReactElement<{ className?: string; children?: ReactNode }> | undefined)?.props
  const language = /language-([\w+#.-]+)/.exec(code?.className ?? '')?.[1] ?? ''
  return <CodeBlock code={textOf(code?.children).replace(/\n$/, '')} language={language} final />
}

/** How Markdown from outside is drawn. The page's own heading is its only first one. */
export const markdownParts: Components = {
  a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
  img: ({ src, alt }) => <PictureLink src={src} alt={alt} />,
  input: ({ checked }) => <Tick checked={checked} />,
  pre: ({ children }) => <NestedCode>{children}</NestedCode>,
  table: ({ children }) => (
    <Scroller className="overflow-x-auto">
      <table className="!table w-max max-w-none">{children}</table>
    </Scroller>
  ),
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
}
