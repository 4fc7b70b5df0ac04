import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import type { z } from 'zod'
import { buildExecutors, chooseExecutor } from '@/server/builds/service.ts'
import { chatFor, touch } from '@/server/chats/service.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { chatTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import type { Upstream } from '@/server/deployments/service.ts'
import { checkRoom, countHeld, directoryOf, diskRoom, readFile } from '@/server/files/service.ts'
import { deskOf, desks, endOf, rememberEnd } from './desk/desks.ts'
import { endAt, openDesk } from './desk/keeper.ts'
import { elsewhereOf, isPreviewElsewhere } from './desk/others.ts'
import type { Desk } from './desk/types.ts'
import { isPreviewName, openPreview } from './previews/preview.ts'
import { suggestCommand } from './rules.ts'
import { type Preview, type suggestionSchema, terminalLimits, type terminalsOutput } from './schema.ts'
import { startShell } from './shells/shell.ts'
import { openTerminal } from './shells/terminal.ts'
import type { Size, Terminal } from './shells/types.ts'

export { watchOthers } from './desk/others.ts'
export { sweepSockets } from './previews/preview.ts'
export type { Seat, Terminal, Watcher } from './shells/types.ts'

const noTerminal = () => new AppError('NOT_FOUND', 'This terminal has ended.', 'terminalId', { key: 'noTerminal' })
const terminalElsewhere = () =>
  new AppError('NOT_FOUND', 'This terminal runs on another server of this installation.', 'terminalId', { key: 'terminalElsewhere' })
const nothingRuns: Preview = { state: 'off', command: null, url: null, reason: null, exitCode: null, output: '' }

/** @throws AppError UNAVAILABLE where no sandbox works: what is typed is anybody's code, and none of it runs without one */
async function needSandbox(): Promise<void> {
  try {
    await chooseExecutor(buildExecutors(), { wanted: 'sandbox', demoModel: false, unsafeAllowed: false })
  } catch (error) {
    if (!isAppError(error)) throw error
    const words = 'No sandbox works on this machine, so nothing is run here: install bubblewrap.'
    throw new AppError('UNAVAILABLE', words, undefined, { key: 'noSandbox' })
  }
}

interface Place {
  desk: Desk
  directory: string
  fileMb: number
}

/** Each takes memory of this machine: one person has so many terminals and previews in all. @throws AppError TOO_MANY_REQUESTS */
function checkCount(actorId: ActorId): void {
  const own = [...desks().values()].filter(({ ownerId }) => ownerId === actorId)
  const count = terminalLimits.perPerson
  if (own.reduce((sum, { terminals, preview }) => sum + terminals.size + (preview ? 1 : 0), 0) < count) return
  const words = `You have ${count} terminals and previews open, in all conversations together.`
  throw new AppError('TOO_MANY_REQUESTS', words, undefined, { key: 'terminalsPerson', values: { count } })
}

/** Starts something in a conversation's folder, for its owner, while it is not closed. */
async function startIn<T>(actorId: ActorId, sessionId: string, start: (place: Place) => Promise<T>): Promise<T> {
  const [chat, spaceId] = await Promise.all([chatFor(actorId, sessionId), spaceForActor(actorId)])
  if (chat.status === 'closed')
    throw new AppError('CONFLICT', 'This conversation is closed. Open it again to go on.', 'sessionId', { key: 'chatClosed' })
  await needSandbox()
  checkCount(actorId)
  await checkRoom(spaceId, 1)
  await touch(sessionId)
  const desk = openDesk(actorId, spaceId, sessionId)
  desk.busy++
  try {
    const [directory, { left }] = await Promise.all([directoryOf(spaceId, sessionId), diskRoom(spaceId)])
    return await start({ desk, directory, fileMb: Math.max(1, Math.min(512, Math.floor(left / 1024 ** 2))) })
  } finally {
    desk.busy--
    desk.settle()
  }
}

/** A terminal that runs, for the conversation's owner. @throws AppError NOT_FOUND */
export async function terminalOf(actorId: ActorId, sessionId: string, terminalId: string): Promise<Terminal> {
  await chatFor(actorId, sessionId)
  const terminal = deskOf(actorId, sessionId)?.terminals.get(terminalId)
  if (!terminal) throw elsewhereOf(sessionId).terminals > 0 ? terminalElsewhere() : noTerminal()
  return terminal
}

/** What programs at a desk hold open of deleted files counts for its person. */
const counted = ({ spaceId, sessionId }: Desk) => ({ onStart: (pid: number | undefined) => countHeld(spaceId, sessionId, pid) })

async function startAt({ desk, directory, fileMb }: Place, size: Size): Promise<Terminal> {
  const { perSession: count } = terminalLimits
  if (desk.terminals.size >= count) {
    const words = `A conversation has at most ${count} terminals.`
    throw new AppError('TOO_MANY_REQUESTS', words, undefined, { key: 'terminalsTooMany', values: { count } })
  }
  // The place is taken before the shell is there: who asks five times at once gets four.
  const place = randomUUID()
  desk.terminals.set(place, null)
  try {
    const terminal = await openTerminal({
      sessionId: desk.sessionId,
      clock: registry('clock'),
      start: (hooks) => startShell({ directory, fileMb, size, ...counted(desk), ...hooks }),
      onActivity: desk.stir,
      onEnd: (id) => {
        desk.terminals.delete(id)
        desk.settle()
      },
    })
    if (!terminal.isOver()) desk.terminals.set(terminal.id, terminal)
    return terminal
  } finally {
    desk.terminals.delete(place)
  }
}

/**
 * Starts a terminal on a conversation's files: a shell in a sandbox of its own, without network.
 * @throws AppError NOT_FOUND, CONFLICT (closed), TOO_MANY_REQUESTS, TOO_LARGE (no room on disk), UNAVAILABLE (no sandbox works here)
 */
export const startTerminal = (actorId: ActorId, sessionId: string, size: Size): Promise<Terminal> =>
  startIn(actorId, sessionId, (place) => startAt(place, size))

/** What runs for a conversation, and whether this machine can run anything. @throws AppError NOT_FOUND */
export async function terminalsOf(actorId: ActorId, sessionId: string): Promise<z.infer<typeof terminalsOutput>> {
  await chatFor(actorId, sessionId)
  const available = await needSandbox().then(
    () => true,
    () => false,
  )
  const running = [...(deskOf(actorId, sessionId)?.terminals.values() ?? [])].filter((terminal) => terminal !== null)
  const terminals = running.map(({ id, startedAt }) => ({ id, startedAt: new Date(startedAt).toISOString() }))
  return { terminals, elsewhere: elsewhereOf(sessionId).terminals, limit: terminalLimits.perSession, available }
}

/** How a conversation's preview is. @throws AppError NOT_FOUND */
export async function previewOf(actorId: ActorId, sessionId: string): Promise<Preview> {
  await chatFor(actorId, sessionId)
  const here = deskOf(actorId, sessionId)?.preview?.view()
  if (here) return here
  return elsewhereOf(sessionId).preview ? { ...nothingRuns, state: 'elsewhere' } : (endOf(actorId, sessionId) ?? nothingRuns)
}

async function previewAt({ desk, directory, fileMb }: Place, command: string): Promise<Preview> {
  const { sessionId, ownerId } = desk
  const tell = () => registry('hub').publish(chatTopic(sessionId), { kind: 'preview' })
  desk.preview?.stop()
  const preview = await openPreview({
    ...{ sessionId, directory, command, fileMb, ...counted(desk) },
    onChange: tell,
    onEnd: (ended) => {
      // One that was followed by another has nothing more to say.
      if (desk.preview !== ended && desk.preview !== null) return
      rememberEnd(ownerId, sessionId, ended.view())
      desk.preview = null
      desk.settle()
    },
  })
  if (!preview.isOver()) {
    // Of two that were started at once the later one stays.
    desk.preview?.stop()
    desk.preview = preview
  }
  tell()
  return preview.view()
}

/**
 * Starts an app of the conversation's files and ends the one before it; each start has a host name of its own.
 * @throws AppError as `startTerminal`
 */
export const startPreview = (actorId: ActorId, sessionId: string, command: string): Promise<Preview> =>
  startIn(actorId, sessionId, (place) => previewAt(place, command))

/** Ends a conversation's preview; what was its address answers nobody any more. @throws AppError NOT_FOUND */
export async function stopPreview(actorId: ActorId, sessionId: string): Promise<Preview> {
  await chatFor(actorId, sessionId)
  deskOf(actorId, sessionId)?.preview?.stop()
  return nothingRuns
}

/** What probably starts the app in a conversation's folder. @throws AppError NOT_FOUND */
export async function suggestPreview(actorId: ActorId, sessionId: string): Promise<z.infer<typeof suggestionSchema>> {
  await chatFor(actorId, sessionId)
  const spaceId = await spaceForActor(actorId)
  const names = await readdir(await directoryOf(spaceId, sessionId))
  const described = names.includes('package.json') ? await readFile(spaceId, sessionId, 'package.json').catch(() => null) : null
  return { command: suggestCommand(described?.text ?? null, names), pages: names.includes('index.html') }
}

/** Where the proxy finds a preview by its host's name; null for a name that is no preview's. */
export function previewUpstream(slug: string): Upstream | null {
  if (!isPreviewName(slug)) return null
  for (const { preview } of desks().values()) {
    if (preview?.name !== slug || preview.isOver()) continue
    preview.touch()
    const starting = preview.view().state === 'starting'
    return { answer: starting ? 'hold' : 'forward', state: starting ? 'STARTING' : 'UP', socketPath: preview.socketPath }
  }
  return { answer: isPreviewElsewhere(slug) ? 'elsewhere' : 'ended', state: null, socketPath: '' }
}

/** Ends everything, with this server. */
export function endTerminals(): void {
  for (const desk of [...desks().values()]) endAt(desk, 'server')
}
