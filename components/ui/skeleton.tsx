import { cn } from './cn.ts'

/** A grey place where something will stand. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse-soft rounded-md bg-idle-soft', className)} />
}
