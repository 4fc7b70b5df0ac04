'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toolNames } from '@/server/agents/schema.ts'
import { safeText } from './safe-text.ts'

const known = new Set<string>(toolNames)
type Known = (typeof toolNames)[number]

/** The name of a tool as a person reads it; those of other servers keep their own. */
export function useToolName(): (tool: string) => string {
  const t = useTranslations('thread.tool')
  return useCallback(
    (tool: string) => {
      if (known.has(tool)) return t(`names.${tool as Known}`)
      const [, server, name] = /^mcp__(.+?)__(.+)$/.exec(tool) ?? []
      return server && name ? t('server', { server: safeText(server), tool: safeText(name) }) : safeText(tool)
    },
    [t],
  )
}

const telling = ['path', 'command', 'pattern', 'query', 'url', 'name'] as const

function parsed(input: string): unknown {
  try {
    return JSON.parse(input)
  } catch {
    return null
  }
}

/** The field of a tool's input that tells most in one line. */
export function inputSummary(input: string): string {
  const value = parsed(input)
  if (typeof value !== 'object' || value === null) return ''
  const fields = value as Record<string, unknown>
  const name = telling.find((field) => typeof fields[field] === 'string')
  return name ? safeText(String(fields[name])).replace(/\s+/g, ' ').slice(0, 200) : ''
}

/** A tool's input to be read: JSON over several lines, or as far as it has been written. */
export function prettyInput(input: string): string {
  const value = parsed(input)
  return safeText(value === null ? input : JSON.stringify(value, null, 2))
}
