/** Takes a thread to its end, from wherever that is asked for. */
export const jumpToEndEvent = 'maestro:jump-to-end'

/** What the keys of a conversation's page do, as its help lists them; `mod` is Control, or Command on a Mac. */
export const shortcuts = [
  { does: 'send', keys: ['Enter'] },
  { does: 'newLine', keys: ['Shift', 'Enter'] },
  { does: 'stop', keys: ['Esc'] },
  { does: 'commands', keys: ['/'] },
  { does: 'agents', keys: ['@'] },
  { does: 'focus', keys: ['Alt', 'M'] },
  { does: 'end', keys: ['Alt', 'E'] },
  { does: 'new', keys: ['Alt', 'N'] },
  { does: 'search', keys: ['Alt', 'K'] },
  { does: 'history', keys: ['Alt', 'H'] },
  { does: 'list', keys: ['↑', '↓', 'F2', 'Del'] },
  { does: 'rename', keys: ['Alt', 'R'] },
  { does: 'pin', keys: ['Alt', 'I'] },
  { does: 'archive', keys: ['Alt', 'A'] },
  { does: 'panel', keys: ['Alt', 'P'] },
  { does: 'palette', keys: ['Ctrl', 'K'] },
  { does: 'help', keys: ['?'] },
] as const

/** Calls what belongs to Alt and a key, by the key's place on the board: on a Mac, Alt writes other letters. */
export function altKey(event: { altKey: boolean; ctrlKey: boolean; metaKey: boolean; code: string }): string | null {
  return event.altKey && !event.ctrlKey && !event.metaKey ? event.code : null
}
