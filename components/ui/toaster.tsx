'use client'

import { Toaster as Sonner } from 'sonner'
import { useDark } from '@/components/client/use-theme.ts'

/** Where toasts appear, in the page's own theme. */
export function Toaster({ label }: { label: string }) {
  const dark = useDark()
  return (
    <Sonner
      theme={dark ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      containerAriaLabel={label}
      toastOptions={{
        className: '!rounded-lg !border-line !bg-surface !text-ink !font-sans !shadow-float',
        classNames: { description: '!text-muted' },
      }}
    />
  )
}
