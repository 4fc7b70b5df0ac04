import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Privacy } from '@/components/beta/privacy.tsx'
import { env } from '@/server/core/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('privacy')
  return { title: t('title'), description: t('intro') }
}

export default function PrivacyPage() {
  const { MAESTRO_KEEP_AUDIT_DAYS: auditDays, MAESTRO_KEEP_BUILDS: builds, SMTP_URL: mailServer } = env()
  return <Privacy auditDays={auditDays} builds={builds} mailStays={mailServer === undefined} />
}
