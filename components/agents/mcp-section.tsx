'use client'

import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { agentLimits } from '@/server/agents/schema.ts'
import type { FormServer } from './form-draft.ts'
import { McpServerFields } from './mcp-server.tsx'
import { FormSection } from './section.tsx'
import type { SectionProps } from './use-form.ts'

const fresh = (): FormServer => ({
  ...{ key: crypto.randomUUID(), type: 'http', name: '', permission: 'ask', tools: {} },
  ...{ command: '', args: '', url: '', pairs: [] },
})

/** Servers with tools of their own. */
export function McpSection({ agentId, form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const { servers } = form
  const set = (at: number, part: Partial<FormServer>) =>
    change({ servers: servers.map((server, index) => (index === at ? { ...server, ...part } : server)) })
  return (
    <FormSection title={t('sections.mcp')}>
      <p className="text-muted text-sm">{t('mcp.hint')}</p>
      {servers.map((server, at) => (
        <McpServerFields
          key={server.key}
          agentId={agentId}
          server={server}
          at={at}
          errors={errors}
          onChange={(part) => set(at, part)}
          onRemove={() => change({ servers: servers.filter((_, index) => index !== at) })}
        />
      ))}
      <Button
        size="sm"
        className="justify-self-start"
        disabled={servers.length >= agentLimits.mcpServers}
        onClick={() => change({ servers: [...servers, fresh()] })}
      >
        <Plus aria-hidden />
        {t('mcp.add')}
      </Button>
    </FormSection>
  )
}
