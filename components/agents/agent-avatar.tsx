import { cn } from '@/components/ui/cn.ts'

/** An agent's picture: its emoji or letters, else the first letter of its name. */
export function AgentAvatar({ agent, large }: { agent: { name: string; avatar: string }; large?: boolean }) {
  const first = /[\p{L}\p{N}]/u.exec(agent.name)?.[0] ?? '?'
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center overflow-hidden rounded-lg bg-accent-soft font-semibold text-accent',
        large ? 'size-11 text-xl' : 'size-9 text-base',
      )}
    >
      {agent.avatar || first.toUpperCase()}
    </span>
  )
}
