import type { ReactNode } from 'react'

/** The column in which a page stands. One that is marked `data-wide` has the whole window. */
export function MainColumn({ children }: { children: ReactNode }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto w-full max-w-7xl flex-1 px-3 py-5 outline-none has-[[data-wide]]:max-w-none has-[[data-wide]]:p-0 sm:px-6 sm:has-[[data-wide]]:p-0"
    >
      {children}
    </main>
  )
}
