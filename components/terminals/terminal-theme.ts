import type { ITheme } from '@xterm/xterm'

/** A token's colour as this page has it now, in a form that needs no style sheet. */
function colourOf(probe: HTMLElement, token: string): string {
  probe.style.color = `var(--${token})`
  return getComputedStyle(probe).color
}

/** The terminal's colours from the page's own, so that it is light where the page is. */
export function terminalTheme(probe: HTMLElement): ITheme {
  const before = probe.style.color
  const colour = (token: string) => colourOf(probe, token)
  const [ink, muted, bad, ok, warn, run, accent] = ['ink', 'muted', 'bad', 'ok', 'warn', 'run', 'accent'].map(colour)
  const theme: ITheme = {
    ...{ background: colour('sunken'), foreground: ink, cursor: accent, cursorAccent: colour('sunken') },
    ...{ selectionBackground: colour('accent-soft'), selectionForeground: ink },
    ...{ black: colour('line-strong'), red: bad, green: ok, yellow: warn, blue: run, magenta: accent, cyan: run, white: muted },
    ...{ brightBlack: colour('faint'), brightRed: bad, brightGreen: ok, brightYellow: warn, brightBlue: run },
    ...{ brightMagenta: colour('accent-strong'), brightCyan: run, brightWhite: ink },
  }
  probe.style.color = before
  return theme
}

/** The page's own type for code. */
export function terminalFont(probe: HTMLElement): string {
  const before = probe.style.fontFamily
  probe.style.fontFamily = 'var(--font-mono)'
  const family = getComputedStyle(probe).fontFamily
  probe.style.fontFamily = before
  return family
}
