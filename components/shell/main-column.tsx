import type { ReactNode } from 'react'

/** The column in which a page stands. */
export function MainColumn({ children }: { children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl flex-1 px-3 py-5 outline-none sm:px-6">
      {children}
    </main>
  )
}
