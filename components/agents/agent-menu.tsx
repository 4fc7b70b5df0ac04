'use client'

import { Archive, ArchiveRestore, CirclePause, CirclePlay, Copy, EllipsisVertical, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'
import { useAgentActs } from './use-agent-acts.ts'

function Items({ agent, acts, onDelete }: { agent: AgentCard; acts: ReturnType<typeof useAgentActs>; onDelete: () => void }) {
  const t = useTranslations('agents.act')
  const running = agent.status === 'active' || agent.status === 'draft'
  return (
    <MenuContent>
      <MenuItem onSelect={running ? acts.pause : acts.resume}>
        {running ? <CirclePause aria-hidden /> : <CirclePlay aria-hidden />}
        {t(running ? 'pause' : 'resume')}
      </MenuItem>
      <MenuItem onSelect={acts.duplicate}>
        <Copy aria-hidden />
        {t('duplicate')}
      </MenuItem>
      <MenuItem onSelect={() => acts.archive(!agent.archived)}>
        {agent.archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {t(agent.archived ? 'unarchive' : 'archive')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem className="text-bad" onSelect={onDelete}>
        <Trash2 aria-hidden />
        {t('delete')}
      </MenuItem>
    </MenuContent>
  )
}

/** What its owner can do to an agent, behind one button; deleting asks first. */
export function AgentMenu({ agent, onDeleted }: { agent: AgentCard; onDeleted?: () => void }) {
  const t = useTranslations('agents')
  const acts = useAgentActs(agent, onDeleted)
  const alive = useAlive()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="icon" variant="ghost" aria-label={t('actions', { name: agent.name })} disabled={acts.busy || !alive}>
            <EllipsisVertical aria-hidden />
          </Button>
        </MenuTrigger>
        <Items agent={agent} acts={acts} onDelete={() => setAsking(true)} />
      </Menu>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('delete.title', { name: agent.name })}
        description={t('delete.text')}
        cancel={t('delete.cancel')}
        confirm={t('delete.confirm')}
        onConfirm={acts.remove}
      />
    </>
  )
}
