'use client'

import { useTranslations } from 'next-intl'
import { Component, type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'

/** Says that a part of the page did not come, and asks for it again. */
export function PartFailed({ busy, onAgain, className }: { busy: boolean; onAgain: () => void; className?: string }) {
  const t = useTranslations('errors')
  return (
    <Banner
      tone="bad"
      title={t('part')}
      className={className}
      action={
        <Button size="sm" aria-disabled={busy || undefined} onClick={() => busy || onAgain()}>
          {t('again')}
        </Button>
      }
    >
      {t('partText')}
    </Banner>
  )
}

/** Something that a page loads when it is needed; `failed` until it is there after all. `load` stays the same from one drawing to the next. */
export function usePart<T>(load: () => Promise<T>) {
  const [{ part, failed, busy, tries }, set] = useState<{ part: T | null; failed: boolean; busy: boolean; tries: number }>({
    ...{ part: null, failed: false, busy: true, tries: 0 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another loading.
  useEffect(() => {
    let ended = false
    const settle = (change: { part: T } | { failed: true }) =>
      ended || set((before) => ({ ...before, failed: false, busy: false, ...change }))
    load().then(
      (loaded) => settle({ part: loaded }),
      () => settle({ failed: true }),
    )
    return () => {
      ended = true
    }
  }, [load, tries])
  return { part, failed, busy, again: () => set((before) => ({ ...before, busy: true, tries: before.tries + 1 })) }
}

interface Looks<P> {
  waiting?: ReactNode
  /** What stands there while it cannot be loaded, instead of or around the words that say so. */
  failed?: (told: ReactNode, props: P) => ReactNode
}

interface Source<P> extends Looks<P> {
  load: () => Promise<ComponentType<P>>
  there: ComponentType<P> | null
}

function Coming<P extends object>({ source, given }: { source: Source<P>; given: P }) {
  const { part: Loaded, failed, busy, again } = usePart(source.load)
  if (Loaded) return <Loaded {...given} />
  if (!failed) return source.waiting
  const told = <PartFailed busy={busy} onAgain={again} className="m-3" />
  return source.failed ? source.failed(told, given) : told
}

function Part<P extends object>({ source, given }: { source: Source<P>; given: P }) {
  // What the page has already is drawn at once.
  const [Loaded] = useState(() => source.there)
  return Loaded ? <Loaded {...given} /> : <Coming source={source} given={given} />
}

/** A component that is loaded in the browser when it is first drawn. Where that fails the rest of the page goes on, and it can be asked for again. */
export function makePart<P extends object>(load: () => Promise<ComponentType<P>>, looks: Looks<P> = {}) {
  const source: Source<P> = {
    ...looks,
    there: null,
    async load() {
      source.there = await load()
      return source.there
    },
  }
  return (given: P) => <Part source={source} given={given} />
}

/** Draws something simpler where what it holds cannot be drawn, or its code cannot be loaded. */
export class Otherwise extends Component<{ simpler: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    return this.state.failed ? this.props.simpler : this.props.children
  }
}
