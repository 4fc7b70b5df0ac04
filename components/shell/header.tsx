import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Logo } from './logo.tsx'

/** The bar at the top of every page; `children` stands left, `tools` at the right end. */
export function Header({ home, children, tools }: { home: string; children?: ReactNode; tools?: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <header className="sticky top-0 z-30 border-b bg-surface/95 backdrop-blur">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent font-medium text-on-accent focus-visible:not-sr-only focus-visible:absolute focus-visible:top-2 focus-visible:left-3 focus-visible:px-3 focus-visible:py-2"
      >
        {t('skip')}
      </a>
      <div className="mx-auto flex h-13 w-full max-w-7xl items-center gap-1 px-3 sm:gap-2 sm:px-6">
        <Link
          href={home}
          aria-label={t('name')}
          className="mr-1 flex items-center gap-2 rounded font-semibold text-base tracking-tight sm:mr-4"
        >
          <Logo className="size-6 text-accent" />
          <span className={children ? 'hidden sm:inline' : undefined}>{t('name')}</span>
        </Link>
        {children}
        <div className="ml-auto flex items-center gap-0.5">{tools}</div>
      </div>
    </header>
  )
}
