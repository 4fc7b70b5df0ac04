'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from './button.tsx'

const shownMs = 2_000

/** Copies a text; that it was done is shown for a moment and read out. */
export function CopyButton(props: { text: string; label: string; copied: string; failed: string; className?: string }) {
  const alive = useAlive()
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), shownMs)
    return () => clearTimeout(timer)
  }, [done])
  const copy = () =>
    // Without HTTPS there is no clipboard.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(props.text))
      .then(
        () => setDone(true),
        () => toast.error(props.failed),
      )
  return (
    <>
      <Button
        variant="ghost"
        size="icon-sm"
        className={props.className}
        disabled={!alive}
        aria-label={props.label}
        title={props.label}
        onClick={() => void copy()}
      >
        {done ? <Check aria-hidden className="text-ok" /> : <Copy aria-hidden />}
      </Button>
      <span role="status" className="sr-only">
        {done && props.copied}
      </span>
    </>
  )
}
