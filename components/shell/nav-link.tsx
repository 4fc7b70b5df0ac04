'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn.ts'

/** A link of the main navigation; it knows when its page, or one below it, is shown. */
export function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname()
  const here = path === href || path.startsWith(`${href}/`)
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'whitespace-nowrap rounded-md px-2.5 py-1.5 font-medium text-muted text-sm transition-colors hover:bg-sunken hover:text-ink',
        here && 'bg-sunken text-ink',
      )}
    >
      {children}
    </Link>
  )
}

/** What a link of the main navigation says: a word, or the sign for it where a phone has no room. */
export function NavWord({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <>
      <span className="sm:hidden [&_svg]:inline [&_svg]:size-4">{icon}</span>
      <span className="max-sm:sr-only">{children}</span>
    </>
  )
}
