'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { LiveMessage } from '@/components/client/chat-fold.ts'
import type { ChatView } from '@/components/client/chat-store.ts'
import { Button } from '@/components/ui/button.tsx'
import { DrawLater } from './markdown-text.tsx'
import { MessageRow } from './message-row.tsx'
import { jumpToEndEvent } from './shortcuts.ts'

/** This near to the end one reads the end. */
const nearPx = 120
/** Older messages are asked for when this few are left above. */
const fewAbove = 6

const guesses = new WeakMap<LiveMessage, number>()

/** About how high a message will be, in pixels: the better the guess, the calmer the scroll bar. */
function guessHeight(message: LiveMessage): number {
  const known = guesses.get(message)
  if (known !== undefined) return known
  let height = message.role === 'user' ? 76 : 96
  for (const part of message.parts ?? []) {
    if (part.type === 'text') height += Math.ceil(part.text.length / 85 + part.text.split('\n').length * 0.7) * 22
    else height += 48
  }
  guesses.set(message, height)
  return height
}

interface Props {
  view: ChatView
  onOlder: () => void
}

/** What comes up below the thread takes some of its room: whoever reads the end goes on reading it. */
function useFollow(scroller: RefObject<HTMLDivElement | null>, atEnd: boolean, jump: () => void): void {
  const following = useRef(atEnd)
  following.current = atEnd
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => following.current && jump())
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, jump])
}

function useThread({ view, onOlder }: Props) {
  const { messages, hasOlder, loadingOlder } = view
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const virtual = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => messages[index]?.id ?? index, [messages]),
    estimateSize: (index) => (messages[index] ? guessHeight(messages[index]) : 100),
    overscan: 5,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearPx,
    directDomUpdates: true,
    paddingStart: 16,
    paddingEnd: 16,
    onChange: (instance) => {
      const near = instance.isAtEnd(nearPx)
      setAtEnd((before) => (before === near ? before : near))
      const first = instance.range?.startIndex ?? 0
      if (first < fewAbove && hasOlder && !loadingOlder && instance.scrollElement) onOlder()
    },
  })
  const jump = useCallback(() => virtual.scrollToEnd(), [virtual])
  useLayoutEffect(jump, [jump])
  useEffect(() => {
    window.addEventListener(jumpToEndEvent, jump)
    return () => window.removeEventListener(jumpToEndEvent, jump)
  }, [jump])
  // What a person has just said is always shown.
  const last = messages.at(-1)
  const own = messages.at(-2)?.role === 'user' && last?.state === 'open' ? last.id : null
  useEffect(() => {
    if (own) virtual.scrollToEnd()
  }, [own, virtual])
  useFollow(scroller, atEnd, jump)
  return { scroller, virtual, atEnd, jump }
}

/** The messages that can be seen and some around them. Stays at the end while one reads there; older ones come as one scrolls up to them. */
export function LiveThread({ view, onOlder }: Props) {
  const t = useTranslations('thread')
  const { scroller, virtual, atEnd, jump } = useThread({ view, onOlder })
  // The end, with which one begins, is drawn at once.
  const scrolled = !atEnd
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        data-thread
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls by itself is reached by the keyboard.
        tabIndex={0}
        aria-label={t('label')}
        className="h-full overflow-y-auto [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {view.loadingOlder && (
          <p role="status" className="py-2 text-center text-faint text-xs">
            {t('loadingOlder')}
          </p>
        )}
        <div ref={virtual.containerRef} className="relative w-full">
          {virtual.getVirtualItems().map(({ key, index }) => {
            const message = view.messages[index]
            return (
              message && (
                <div key={key} data-index={index} ref={virtual.measureElement} className="absolute top-0 left-0 w-full">
                  <DrawLater value={scrolled && message.state !== 'open'}>
                    <MessageRow message={message} />
                  </DrawLater>
                </div>
              )
            )
          })}
        </div>
      </section>
      {!atEnd && (
        <Button size="sm" onClick={jump} className="absolute bottom-3 left-1/2 h-9 -translate-x-1/2 rounded-full shadow-float">
          <ArrowDown aria-hidden />
          {t('jump')}
        </Button>
      )}
    </div>
  )
}
