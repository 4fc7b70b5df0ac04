'use client'

import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { pageSocket } from '@/components/client/page-socket.ts'
import { useDark } from '@/components/client/use-theme.ts'
import type { TerminalEnd } from '@/server/terminals/schema.ts'
import { quietQueries } from './queries.ts'
import { makeTerminalDesk, type Size, type TerminalDesk, type TerminalLine } from './terminal-desk.ts'
import { terminalFont, terminalTheme } from './terminal-theme.ts'

let desk: TerminalDesk | undefined
/** The page's one desk for terminals. */
export function terminalDesk(): TerminalDesk {
  desk ??= makeTerminalDesk(pageSocket() as never)
  return desk
}

export interface Ended {
  exitCode: number | null
  why: TerminalEnd | 'lost' | 'elsewhere'
}
interface ScreenOptions {
  sessionId: string
  terminalId: string
  wanted: boolean
  reading: boolean
  label: string
  /** Says that the beginning is kept no more. */
  lostPart: string
  onLeave: () => void
  onLink: (address: string) => void
  onEnded: (end: Ended) => void
}

const fontPx = 13
const scrollbackLines = 5_000
const clamp = ({ cols, rows }: Size): Size => ({ cols: Math.min(500, Math.max(10, cols)), rows: Math.min(200, Math.max(3, rows)) })
const isWeb = (address: string) => /^https?:\/\//i.test(address) && URL.canParse(address)
/** Ctrl with a letter is the letter's place in the alphabet. */
const withCtrl = (data: string) => (/^[a-z@[\\\]^_]$/i.test(data) ? String.fromCharCode(data.toUpperCase().charCodeAt(0) & 31) : data)

/** Makes a screen in a box. Programs may say where a link leads, and nothing else that reaches out of it. */
function makeScreen(box: HTMLElement, latest: RefObject<ScreenOptions>) {
  const screen = new Terminal({
    ...{ fontFamily: terminalFont(box), fontSize: fontPx, lineHeight: 1.2, scrollback: scrollbackLines, cursorBlink: false },
    ...{ theme: terminalTheme(box), minimumContrastRatio: 4.5, screenReaderMode: latest.current.reading, macOptionIsMeta: true },
    linkHandler: { activate: (_event, address) => isWeb(address) && latest.current.onLink(address) },
  })
  const fit = new FitAddon()
  screen.loadAddon(fit)
  screen.open(box)
  screen.textarea?.setAttribute('aria-label', latest.current.label)
  screen.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown' || !event.ctrlKey) return true
    const key = event.key.toLowerCase()
    if (event.shiftKey && key === 'l') {
      event.preventDefault()
      latest.current.onLeave()
      return false
    }
    // With something selected, this copies; the browser does it.
    if (key === 'c' && screen.hasSelection() && !event.shiftKey) return false
    if (event.shiftKey && key === 'c') {
      event.preventDefault()
      document.execCommand('copy')
      return false
    }
    return !(event.shiftKey && key === 'v')
  })
  return { screen, fit }
}

/** Fits the screen to its box, as long as that is to be seen. */
function followSize(box: HTMLElement, fit: FitAddon): () => void {
  let frame = 0
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => box.offsetWidth > 0 && box.offsetHeight > 0 && fit.fit())
  })
  observer.observe(box)
  return () => {
    cancelAnimationFrame(frame)
    observer.disconnect()
  }
}

/** One terminal's screen in a box of the page, and the line to its shell. */
export function useScreen(options: ScreenOptions) {
  const { sessionId, terminalId, wanted, reading, label } = options
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(options)
  latest.current = options
  const parts = useRef<{ screen: Terminal; fit: FitAddon; line: TerminalLine } | null>(null)
  const ctrl = useRef(false)
  const [state, setState] = useState<'connecting' | 'live' | 'offline'>('connecting')
  const [isCtrl, setCtrl] = useState(false)
  const dark = useDark()
  const holdCtrl = (held: boolean) => {
    ctrl.current = held
    setCtrl(held)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: holding a key changes no screen.
  useEffect(() => {
    const host = box.current
    if (!host) return
    const { screen, fit } = makeScreen(host, latest)
    if (host.offsetWidth > 0) fit.fit()
    const queries = quietQueries(screen)
    const line = terminalDesk().show(sessionId, terminalId, clamp(screen), {
      output(data, { fresh, cut, shown }) {
        if (fresh) {
          screen.reset()
          queries.replay(true)
          if (cut) screen.write(`\u001b[2m${latest.current.lostPart}\u001b[0m\r\n`)
        }
        screen.write(data, () => {
          if (fresh) queries.replay(false)
          shown()
        })
      },
      live: () => setState('live'),
      offline: () => setState('offline'),
      ended: (end) => latest.current.onEnded(end),
    })
    screen.onData((data) => {
      line.type(ctrl.current ? withCtrl(data) : data)
      if (ctrl.current) holdCtrl(false)
    })
    screen.onResize((size) => line.resize(clamp(size)))
    const unfollow = followSize(host, fit)
    parts.current = { screen, fit, line }
    return () => {
      parts.current = null
      unfollow()
      line.leave()
      screen.dispose()
    }
  }, [sessionId, terminalId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page's colours change with the theme.
  useEffect(() => {
    const { screen } = parts.current ?? {}
    if (screen && box.current) screen.options.theme = terminalTheme(box.current)
  }, [dark])
  useEffect(() => {
    if (parts.current) parts.current.screen.options.screenReaderMode = reading
  }, [reading])
  useEffect(() => {
    parts.current?.screen.textarea?.setAttribute('aria-label', label)
  }, [label])
  useEffect(() => {
    if (wanted) parts.current?.screen.focus()
  }, [wanted])

  return {
    ...{ box, state, isCtrl, holdCtrl },
    /** Sends a key of the row below, as the program at work expects it. */
    press(key: 'escape' | 'tab' | 'up' | 'down' | 'left' | 'right') {
      const { screen, line } = parts.current ?? {}
      if (!screen || !line) return
      const arrow = screen.modes.applicationCursorKeysMode ? '\u001bO' : '\u001b['
      const codes = { escape: '\u001b', tab: '\t', up: `${arrow}A`, down: `${arrow}B`, right: `${arrow}C`, left: `${arrow}D` }
      line.type(codes[key])
      screen.focus()
    },
    focus: () => parts.current?.screen.focus(),
  }
}
