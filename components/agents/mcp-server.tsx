'use client'

import { Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input, Select, Textarea } from '@/components/ui/input.tsx'
import type { FormServer } from './form-draft.ts'
import { McpCheck } from './mcp-check.tsx'
import { McpPairs } from './mcp-pairs.tsx'
import { PermissionChoice } from './permission-choice.tsx'
import { errorAt, type FormErrors } from './use-form.ts'

interface Props {
  server: FormServer
  at: number
  errors: FormErrors
  onChange: (part: Partial<FormServer>) => void
}

const plain = { autoCapitalize: 'off', autoComplete: 'off', spellCheck: false } as const

function PlaceFields({ server, at, errors, onChange }: Props) {
  const t = useTranslations('agentForm.mcp')
  const field = `config.mcpServers.${at}`
  if (server.type === 'http')
    return (
      <Field label={t('url')} error={errorAt(errors, `${field}.url`)}>
        {(control) => (
          <Input
            {...control}
            {...plain}
            className="font-mono text-xs"
            inputMode="url"
            placeholder="https://mcp.example.com/"
            value={server.url}
            maxLength={2_000}
            onChange={({ target }) => onChange({ url: target.value })}
          />
        )}
      </Field>
    )
  return (
    <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">
      <Field label={t('command')} hint={t('commandHint')} error={errorAt(errors, `${field}.command`)}>
        {(control) => (
          <Input
            {...control}
            {...plain}
            className="font-mono text-xs"
            value={server.command}
            maxLength={200}
            onChange={({ target }) => onChange({ command: target.value })}
          />
        )}
      </Field>
      <Field label={t('args')} hint={t('argsHint')} error={errorAt(errors, `${field}.args`)}>
        {(control) => (
          <Textarea
            {...control}
            {...plain}
            className="min-h-16 font-mono text-xs"
            rows={2}
            value={server.args}
            onChange={({ target }) => onChange({ args: target.value })}
          />
        )}
      </Field>
    </div>
  )
}

/** One MCP server: where it is, what its tools may do, and what it is given. */
export function McpServerFields(props: Props & { agentId: string | null; onRemove: () => void }) {
  const { agentId, server, at, errors, onChange, onRemove } = props
  const t = useTranslations('agentForm.mcp')
  const field = `config.mcpServers.${at}`
  const list = server.type === 'http' ? 'headers' : 'env'
  return (
    <div className="grid grid-cols-1 gap-4 rounded-lg border p-3">
      <div className="flex flex-wrap items-start gap-4">
        <Field label={t('name')} hint={t('nameHint')} error={errorAt(errors, `${field}.name`)} className="min-w-0 flex-1 basis-40">
          {(control) => (
            <Input
              {...control}
              {...plain}
              className="font-mono text-xs"
              value={server.name}
              maxLength={31}
              onChange={({ target }) => onChange({ name: target.value })}
            />
          )}
        </Field>
        <Field label={t('type')} className="basis-40">
          {(control) => (
            <Select
              {...control}
              className="h-9 w-full"
              value={server.type}
              onChange={({ target }) => onChange({ type: target.value === 'http' ? 'http' : 'stdio' })}
            >
              <option value="http">{t('types.http')}</option>
              <option value="stdio">{t('types.stdio')}</option>
            </Select>
          )}
        </Field>
        <Button
          size="icon"
          variant="ghost"
          className="mt-6.5"
          aria-label={t('remove', { name: server.name || String(at + 1) })}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      <PlaceFields {...props} />
      <McpPairs label={t(list)} field={`${field}.${list}`} pairs={server.pairs} errors={errors} onChange={(pairs) => onChange({ pairs })} />
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-medium text-sm">{t('permission')}</span>
        <PermissionChoice
          name={`mcp-${server.key}`}
          label={t('permission')}
          value={server.permission}
          onChange={(permission) => onChange({ permission })}
        />
      </div>
      <McpCheck agentId={agentId} server={server} />
    </div>
  )
}
