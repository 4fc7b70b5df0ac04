import Link from 'next/link'
import { useFormatter } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'

export interface Part {
  key: string
  name: string
  count: number
  /** A class that sets the text's colour: the bar and the mark take it. */
  colour: string
  href?: string
}

/** Parts of a whole as one bar, named and counted below; what is none at all is only named. */
export function Proportion({ parts }: { parts: Part[] }) {
  const format = useFormatter()
  const whole = parts.reduce((sum, part) => sum + part.count, 0)
  return (
    <div className="grid gap-2">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-idle-soft">
        {parts.map(
          ({ key, count, colour }) =>
            count > 0 && <span key={key} className={cn('min-w-1 bg-current', colour)} style={{ width: `${(count / whole) * 100}%` }} />,
        )}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {parts.map(({ key, name, count, colour, href }) => {
          const words = (
            <>
              <span aria-hidden className={cn('size-2 shrink-0 rounded-full bg-current', colour)} />
              <span className="text-muted">{name}</span>
              <span className="tabular font-medium text-ink">{format.number(count)}</span>
            </>
          )
          const style = 'inline-flex items-center gap-1.5 rounded'
          return (
            <li key={key}>
              {href ? (
                <Link href={href} className={`${style} hover:underline`}>
                  {words}
                </Link>
              ) : (
                <span className={style}>{words}</span>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
