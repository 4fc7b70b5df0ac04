'use client'

import {
  Compass,
  DraftingCompass,
  FlaskConical,
  type LucideIcon,
  MessageCircle,
  Paintbrush,
  Rocket,
  ScanSearch,
  Server,
  SquarePen,
} from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { type TemplateKey, templateKeys } from '@/server/agents/schema.ts'

const icons: Record<TemplateKey, LucideIcon> = {
  assistant: MessageCircle,
  strategist: Compass,
  architect: DraftingCompass,
  frontend: Paintbrush,
  backend: Server,
  qa: FlaskConical,
  devops: Rocket,
  reviewer: ScanSearch,
}

function Choice({ href, icon: Icon, name, children }: { href: string; icon: LucideIcon; name: string; children: ReactNode }) {
  return (
    <li className="min-w-0">
      <Link
        href={href}
        className="flex h-full items-start gap-3 rounded-lg border bg-surface p-4 text-left transition-colors hover:border-accent hover:bg-accent-soft/40"
      >
        <span aria-hidden className="inline-flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent">
          <Icon className="size-5" />
        </span>
        <span className="grid min-w-0 gap-0.5">
          <span className="font-medium">{name}</span>
          <span className="text-muted text-sm">{children}</span>
        </span>
      </Link>
    </li>
  )
}

/** What a new agent may begin with: the crews' roles, or nothing. */
export function TemplateGrid() {
  const t = useTranslations('agents')
  return (
    <ul aria-label={t('templates.title')} className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {templateKeys.map((key) => (
        <Choice key={key} href={`/agents/new?template=${key}`} icon={icons[key]} name={t(`templates.${key}.name`)}>
          {t(`templates.${key}.text`)}
        </Choice>
      ))}
      <Choice href="/agents/new?template=blank" icon={SquarePen} name={t('blank')}>
        {t('blankText')}
      </Choice>
    </ul>
  )
}
