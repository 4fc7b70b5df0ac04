import type { ReactNode } from 'react'

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="rounded border bg-sunken px-1.5 py-0.5 font-mono text-[0.6875rem] text-muted leading-none">{children}</kbd>
}
