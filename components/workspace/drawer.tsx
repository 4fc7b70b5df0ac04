'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { useModal } from '@/components/ui/modal.tsx'

interface Props {
  side: 'left' | 'right'
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  close: string
  children: ReactNode
}

/** What stands beside the thread on a wide screen comes over it on a narrow one. */
export function Drawer({ side, open, onOpenChange, title, close, children }: Props) {
  const modal = useModal()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)]" />
        <Radix.Content
          {...modal.content}
          aria-describedby={undefined}
          className={cn(
            'fixed inset-y-0 z-50 flex flex-col bg-surface shadow-float',
            side === 'left' ? 'left-0 w-[min(20rem,88vw)] border-r' : 'right-0 w-full border-l sm:w-[min(36rem,92vw)]',
          )}
        >
          {modal.behind}
          <div className="flex h-12 shrink-0 items-center justify-between border-b pr-2 pl-4">
            <Radix.Title className="font-semibold text-sm">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" aria-label={close}>
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
