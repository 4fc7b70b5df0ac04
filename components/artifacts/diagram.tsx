'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useId, useState } from 'react'
import { useDark } from '@/components/client/use-theme.ts'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'

async function draw(id: string, source: string, dark: boolean): Promise<string> {
  const { default: mermaid } = await import('mermaid')
  // "strict" encodes tags in labels and forbids click handlers: a diagram is text from outside.
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: dark ? 'dark' : 'neutral',
    suppressErrorRendering: true,
    // The picture stands alone: it reaches neither the page's fonts nor its styles, and has no HTML in it.
    htmlLabels: false,
    fontFamily: 'ui-sans-serif, system-ui, sans-serif',
  })
  return (await mermaid.render(id, source)).svg
}

/** How wide the drawing is at its own size; pictures fill their place otherwise. */
const widthOf = (svg: string) => Number(/viewBox="[-\d.]+ [-\d.]+ ([\d.]+)/.exec(svg)?.[1] ?? 640)

/** A Mermaid diagram as a picture; what cannot be drawn is shown as its source. */
export function Diagram({ source }: { source: string }) {
  const t = useTranslations('architecture')
  const dark = useDark()
  const id = `diagram-${useId().replace(/[^a-z0-9]/gi, '')}`
  const [picture, setPicture] = useState<{ src: string; width: number } | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let current = true
    setFailed(false)
    draw(id, source, dark).then(
      (svg) => current && setPicture({ src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, width: widthOf(svg) }),
      () => current && setFailed(true),
    )
    return () => {
      current = false
    }
  }, [id, source, dark])
  if (failed)
    return (
      <Scroller className="overflow-x-auto rounded-md bg-sunken p-3">
        <pre className="!overflow-visible !bg-transparent !p-0 font-mono text-xs">{source}</pre>
      </Scroller>
    )
  if (!picture) return <Skeleton className="h-64" />
  // As an image the drawing can neither run a script nor load anything, whatever stands in it.
  // biome-ignore lint/performance/noImgElement: a data URL has nothing to be optimised.
  return <img src={picture.src} alt={t('diagramAlt', { source })} className="w-full rounded-md" style={{ maxWidth: picture.width }} />
}
