import { createHash, randomUUID } from 'node:crypto'
import { desksTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { desks } from './desks.ts'
import type { Desk } from './types.ts'

// Terminals and previews are tied to the process that started them. Where several share a database, each tells the others what runs at its desks, so that
// whoever comes to another one hears where it is, instead of seeing nothing.

/** Each desk is told of this often; of a process that has been silent for longer than the second time, nothing is believed. */
const tellMs = 15_000
const believedMs = 40_000

interface Told {
  terminals: number
  /** A hash of the preview's name: whoever knows a name can see the app. */
  preview: string | null
}
interface State {
  process: string
  /** By conversation, then by process. */
  others: Map<string, Map<string, Told & { until: number }>>
  toldAt: Map<string, number>
}

// A symbol on globalThis, as for the desks themselves.
const key = Symbol.for('maestro.terminals.others')
const holder = globalThis as { [key]?: State }
function state(): State {
  holder[key] ??= { process: randomUUID(), others: new Map(), toldAt: new Map() }
  return holder[key]
}

const hashOf = (name: string) => createHash('sha256').update(name).digest('hex')

/** Tells the other processes what runs at a desk: at once where it changed, else now and then. */
export function tellOfDesk({ sessionId, terminals, preview }: Desk, changed: boolean): void {
  const { process, toldAt } = state()
  const now = registry('clock').now()
  if (!changed && now - (toldAt.get(sessionId) ?? 0) < tellMs) return
  const told: Told = { terminals: terminals.size, preview: preview && !preview.isOver() ? hashOf(preview.name) : null }
  if (told.terminals > 0 || told.preview) toldAt.set(sessionId, now)
  else if (!toldAt.delete(sessionId)) return
  registry('hub').publish(desksTopic, { kind: `desk ${sessionId}`, process, sessionId, ...told })
}

interface Heard extends Partial<Told> {
  process?: string
  sessionId?: string
}

function take({ process, sessionId, terminals = 0, preview = null }: Heard): void {
  if (!process || !sessionId) return
  const { others } = state()
  const known = others.get(sessionId) ?? new Map()
  if (terminals > 0 || preview) known.set(process, { terminals, preview, until: registry('clock').now() + believedMs })
  else known.delete(process)
  if (known.size > 0) others.set(sessionId, known)
  else others.delete(sessionId)
}

/** Listens to the other processes, and asks them what runs there. Returns what ends it. */
export function watchOthers(): () => void {
  const own = state().process
  const leave = registry('hub').subscribe(desksTopic, (hint) => {
    const heard: Heard = hint
    if (heard.process === own) return
    if (heard.sessionId) take(heard)
    else for (const desk of desks().values()) tellOfDesk(desk, true)
  })
  registry('hub').publish(desksTopic, { kind: 'who', process: own })
  return leave
}

function believed(sessionId: string): Told[] {
  const known = state().others.get(sessionId)
  if (!known) return []
  const now = registry('clock').now()
  for (const [process, { until }] of known) if (until <= now) known.delete(process)
  return [...known.values()]
}

/** How many terminals of a conversation run in other processes, and whether its preview does. */
export function elsewhereOf(sessionId: string): { terminals: number; preview: boolean } {
  const told = believed(sessionId)
  return { terminals: told.reduce((sum, { terminals }) => sum + terminals, 0), preview: told.some(({ preview }) => preview !== null) }
}

/** Whether a preview of this name runs in another process. */
export function isPreviewElsewhere(name: string): boolean {
  const hash = hashOf(name)
  return [...state().others.keys()].some((sessionId) => believed(sessionId).some(({ preview }) => preview === hash))
}
