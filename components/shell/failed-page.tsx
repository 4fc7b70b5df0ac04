'use client'

import { createContext, type ReactNode, useContext } from 'react'

interface Words {
  title: string
  text: string
  retry: string
  digest: string
}

const Given = createContext<Words>({ title: '', text: '', retry: '', digest: '' })

/** Hands down the words of a failed page, so that saying them needs no library where everything else may have failed too. */
export function FailureWords({ words, children }: { words: Words; children: ReactNode }) {
  return <Given value={words}>{children}</Given>
}

/** What stands in place of a page that could not be drawn; the digest finds it in the server's log. */
export function FailedPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  const words = useContext(Given)
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <h1 className="font-semibold text-base">{words.title}</h1>
      <p className="max-w-prose text-balance text-muted">{words.text}</p>
      {error.digest && (
        <p className="font-mono text-faint text-xs">
          {words.digest} {error.digest}
        </p>
      )}
      <button
        type="button"
        onClick={retry}
        className="mt-2 h-9 rounded-md bg-accent px-3.5 font-medium text-on-accent text-sm hover:bg-accent-strong"
      >
        {words.retry}
      </button>
    </div>
  )
}
