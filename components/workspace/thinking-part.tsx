'use client'

import { Brain } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { DurationText } from '@/components/ui/time.tsx'
import type { Part } from '@/server/chats/schema.ts'
import { Fold } from './fold.tsx'
import { MarkdownText } from './markdown-text.tsx'

/** What a model thought before it spoke, folded. */
export function ThinkingPart({ part, final }: { part: Extract<Part, { type: 'thinking' }>; final: boolean }) {
  const t = useTranslations('thread.thinking')
  const [open, setOpen] = useState(false)
  const { durationMs } = part
  const title =
    durationMs === undefined
      ? t(final ? 'some' : 'now')
      : t.rich('done', {
          time: () => <DurationText ms={durationMs} />,
        })
  return (
    <Fold open={open} onOpen={setOpen} icon={<Brain aria-hidden className={final ? undefined : 'animate-pulse-soft'} />} title={title}>
      <div className="border-l-2 pl-3 text-muted">
        {part.redacted !== undefined && <p className="text-faint">{t('redacted')}</p>}
        {part.text && <MarkdownText text={part.text} final={final} />}
      </div>
    </Fold>
  )
}
