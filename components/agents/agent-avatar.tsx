import { cn } from '@/components/ui/cn.ts'

/** An agent's picture: its emoji or letters, else the first letter of its name. */
export function AgentAvatar({ agent, large }: { agent: { name: string; avatar: string }; large?: boolean }) {
  const first = /[\p{L}\p{N}]/u.exec(agent.name)?.[0] ?? '?'
  const shown = agent.avatar || first.toUpperCase()
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center overflow-hidden rounded-lg bg-accent-soft font-semibold text-accent',
        large ? 'size-11' : 'size-9',
        // One sign fills its place; two letters have to fit into it.
        [...shown].length > 1 ? (large ? 'text-sm' : 'text-xs') : large ? 'text-xl' : 'text-base',
      )}
    >
      {shown}
    </span>
  )
}
