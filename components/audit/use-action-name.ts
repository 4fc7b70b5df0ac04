'use client'

import { useTranslations } from 'next-intl'
import { type AuditAction, auditActions } from '@/server/audit/schema.ts'

const isKnown = (action: string): action is AuditAction => (auditActions as readonly string[]).includes(action)

/** What an act is called; one that only an earlier version knew keeps its bare name. */
export function useActionName(): (action: string) => string {
  const t = useTranslations('audit.actions')
  return (action) => (isKnown(action) ? t(action) : action)
}
