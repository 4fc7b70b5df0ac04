'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toolNames } from '@/server/agents/schema.ts'
import { safeText } from './safe-text.ts'
import type { InputField } from './tool-input.ts'

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

const telling = ['path', 'file_path', 'command', 'pattern', 'query', 'url', 'name'] as const

/** The field of a tool's input that tells most in one line. */
export function inputSummary(fields: readonly InputField[]): string {
  const found = telling.flatMap((name) => fields.find((field) => field.name === name) ?? [])[0]
  return found ? safeText(found.text).replace(/\s+/g, ' ').slice(0, 200) : ''
}

/** A tool's input that has no plain fields, to be read: JSON over several lines, or as it was written. */
export function prettyInput(input: string): string {
  try {
    return safeText(JSON.stringify(JSON.parse(input), null, 2))
  } catch {
    return safeText(input)
  }
}
