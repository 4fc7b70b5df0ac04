'use client'

import { useTheme } from 'next-themes'
import { Toaster as Sonner } from 'sonner'

/** Where toasts appear, in the page's own theme. */
export function Toaster({ label }: { label: string }) {
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
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
