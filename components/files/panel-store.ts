export interface Version {
  text: string
  hash: string
}
/** What somebody typed and did not save, and from which version it came. */
export interface Draft {
  text: string
  base: Version
}

/** What is chosen and open in a conversation's panel, and what was typed there. */
export interface PanelState {
  open: ReadonlySet<string>
  active: string | null
  shown: string | null
  drafts: ReadonlyMap<string, Draft>
}
type PanelChange = (before: PanelState) => Partial<PanelState>

const untouched: PanelState = { open: new Set(), active: null, shown: null, drafts: new Map() }

/** Opens what is closed, and the other way round. */
export const toggled =
  (path: string): PanelChange =>
  ({ open }) => {
    const next = new Set(open)
    if (!next.delete(path)) next.add(path)
    return { open: next }
  }

/** Keeps what was typed in a file; null forgets it. */
export const drafted =
  (path: string, draft: Draft | null): PanelChange =>
  ({ drafts }) => {
    const next = new Map(drafts)
    if (draft) next.set(path, draft)
    else next.delete(path)
    return { drafts: next }
  }

/** Where a path is once something at or above it was moved; null once that was deleted. */
function pathAfter(path: string, from: string, to: string | null): string | null {
  if (path !== from && !path.startsWith(`${from}/`)) return path
  return to === null ? null : to + path.slice(from.length)
}

/** What was typed goes along with a file or a folder that is moved, and goes with one that is deleted. */
export const relocated =
  (from: string, to: string | null): PanelChange =>
  ({ shown, active, open, drafts }) => {
    const after = (path: string) => pathAfter(path, from, to)
    return {
      shown: shown && after(shown),
      active: active && after(active),
      open: new Set([...open].flatMap((path) => after(path) ?? [])),
      drafts: new Map(
        [...drafts].flatMap(([path, draft]) => [[after(path), draft] as const]).filter((kept): kept is [string, Draft] => kept[0] !== null),
      ),
    }
  }

/**
 * The panels of all conversations for as long as the page lives: one that is closed, or comes over the thread instead of beside it, has lost nothing when it
 * is opened again. `unsaved` hears whether anything is left to be saved.
 */
export function makePanelStore(unsaved: (some: boolean) => void) {
  const panels = new Map<string, PanelState>()
  const listeners = new Set<() => void>()
  return {
    of: (sessionId: string): PanelState => panels.get(sessionId) ?? untouched,
    change(sessionId: string, change: PanelChange): void {
      const before = panels.get(sessionId) ?? untouched
      panels.set(sessionId, { ...before, ...change(before) })
      unsaved([...panels.values()].some(({ drafts }) => drafts.size > 0))
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
