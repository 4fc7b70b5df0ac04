import { cn } from './cn.ts'

/** How much of a whole is used; `value` is 0 to 1, more is drawn as full. */
export function Progress({ value, label, tone = 'accent' }: { value: number; label: string; tone?: 'accent' | 'warn' | 'bad' }) {
  const percent = Math.min(100, Math.max(0, value * 100))
  const colour = { accent: 'bg-accent', warn: 'bg-warn', bad: 'bg-bad' }[tone]
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-idle-soft"
    >
      <div className={cn('h-full rounded-full transition-[width]', colour)} style={{ width: `${percent}%` }} />
    </div>
  )
}
