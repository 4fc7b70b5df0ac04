import type { ComponentProps } from 'react'
import { cn } from './cn.ts'
import { Scroller } from './scroller.tsx'

/** A dense table that scrolls sideways by itself where the screen is narrow. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <Scroller className="w-full overflow-x-auto">
      <table className={cn('w-full border-collapse text-left text-sm', className)} {...props} />
    </Scroller>
  )
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cn('whitespace-nowrap px-3 py-2 font-medium text-faint text-xs first:pl-4 last:pr-4', className)}
      {...props}
    />
  )
}

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-t', className)} {...props} />
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cn('px-3 py-2 align-middle first:pl-4 last:pr-4', className)} {...props} />
}
