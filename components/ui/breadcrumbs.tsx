import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { Fragment } from 'react'

/** Where the page stands; the last one is the page itself. */
export function Breadcrumbs({ label, items }: { label: string; items: { name: string; href?: string }[] }) {
  return (
    <nav aria-label={label} className="mb-3">
      <ol className="flex min-w-0 flex-wrap items-center gap-1 text-faint text-xs">
        {items.map((item, index) => (
          <Fragment key={item.name}>
            {index > 0 && <ChevronRight aria-hidden className="size-3.5 shrink-0" />}
            <li className="min-w-0">
              {item.href ? (
                <Link href={item.href} className="rounded hover:text-ink hover:underline">
                  {item.name}
                </Link>
              ) : (
                <span aria-current="page" className="text-muted">
                  {item.name}
                </span>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  )
}
