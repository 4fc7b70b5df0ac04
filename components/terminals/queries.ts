import type { IFunctionIdentifier, Terminal } from '@xterm/xterm'

/** What programs ask a terminal, which then answers as if somebody typed. */
const questions: IFunctionIdentifier[] = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { intermediates: '$', final: 'p' },
]
const colours = [4, 10, 11, 12]

/**
 * Answers a program's questions only where somebody types: what is shown again was answered long ago, and of two pages that show the same terminal one
 * answer is enough.
 */
export function quietQueries(screen: Terminal) {
  let replaying = 0
  const swallow = () => replaying > 0 || document.activeElement !== screen.textarea
  for (const id of questions) screen.parser.registerCsiHandler(id, swallow)
  for (const id of colours) screen.parser.registerOscHandler(id, (data) => data.includes('?') && swallow())
  screen.parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow)
  // No program writes to the clipboard.
  screen.parser.registerOscHandler(52, () => true)
  return {
    replay(on: boolean): void {
      replaying += on ? 1 : -1
    },
  }
}
