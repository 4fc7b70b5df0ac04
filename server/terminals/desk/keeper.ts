import { chatFor, touch } from '@/server/chats/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { type ActorId, actorFromId, type ProjectId } from '@/server/core/gates.ts'
import { chatTopic, personTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { diskRoom, filesChanged, holdFiles, measure } from '@/server/files/service.ts'
import { isIdle } from '../rules.ts'
import type { TerminalEnd } from '../schema.ts'
import { desks } from './desks.ts'
import { tellOfDesk } from './others.ts'
import type { Desk } from './types.ts'

/** Whatever nobody used for so long is ended. */
const idleMs = 30 * 60_000
const lookMs = 5_000
const touchMs = 60_000
/** Whoever shows the files hears of changes once a program is quiet, and now and then while it is not. */
const quietMs = 600
const loudMs = 4_000

/** Ends all that runs at a desk. */
export function endAt(desk: Desk, why: TerminalEnd): void {
  for (const terminal of desk.terminals.values()) terminal?.end(why)
  if (desk.preview && !desk.preview.isOver()) desk.preview.stop(why === 'quota' ? 'room' : null)
}

function tellOfFiles(sessionId: string) {
  let timer: NodeJS.Timeout | undefined
  let since = 0
  const tell = () => {
    timer = undefined
    filesChanged(sessionId)
  }
  return () => {
    const now = registry('clock').now()
    if (!timer) since = now
    else clearTimeout(timer)
    timer = setTimeout(tell, Math.max(0, Math.min(quietMs, since + loudMs - now)))
    timer.unref()
  }
}

/** Whether its person may still work here, in a conversation that is open. */
async function mayStay({ ownerId, sessionId }: Desk): Promise<boolean> {
  const actor = await actorFromId(ownerId)
  if (!actor?.approved || actor.suspended) return false
  try {
    return (await chatFor(ownerId, sessionId)).status === 'active'
  } catch (error) {
    if (isAppError(error) && error.code === 'NOT_FOUND') return false
    throw error
  }
}

function lastUse({ terminals, preview }: Desk): number {
  const used = [...terminals.values()].map((terminal) => terminal?.usedAt() ?? 0)
  return Math.max(0, ...used, preview && !preview.isOver() ? preview.usedAt() : 0)
}

/** What is looked at again and again while something runs at a desk. */
function makeLooks(desk: Desk) {
  const clock = registry('clock')
  let touchedAt = clock.now()
  // Programs fill a disk without a word, so it is not what they say that tells when to look.
  const room = async () => {
    await measure(desk.sessionId)
    if ((await diskRoom(desk.spaceId)).left <= 0) endAt(desk, 'quota')
  }
  return {
    async look(): Promise<void> {
      if (!(await mayStay(desk))) return endAt(desk, 'session')
      const now = clock.now()
      tellOfDesk(desk, false)
      for (const terminal of desk.terminals.values()) if (terminal && isIdle(terminal.usedAt(), now, idleMs)) terminal.end('idle')
      if (desk.preview && !desk.preview.isOver() && isIdle(desk.preview.usedAt(), now, idleMs)) desk.preview.stop()
      if (lastUse(desk) > touchedAt && now - touchedAt >= touchMs) {
        touchedAt = now
        await touch(desk.sessionId)
      }
      await room()
    },
  }
}

/** The desk of a conversation. While something runs at it, its folder stays, and it ends with the conversation, its person's rights and the disk's room. */
export function openDesk(ownerId: ActorId, spaceId: ProjectId, sessionId: string): Desk {
  const known = desks().get(sessionId)
  if (known) return known
  const release = holdFiles(sessionId)
  const tell = tellOfFiles(sessionId)
  const desk: Desk = { ownerId, spaceId, sessionId, terminals: new Map(), preview: null, busy: 0, stir: tell, settle }
  const looks = makeLooks(desk)
  const look = () => looks.look().catch((err) => logger.warn({ err, sessionId }, 'a desk could not be looked at'))
  let looking = false
  const timer = setInterval(() => {
    // A large folder may take longer than the time between two looks.
    if (looking) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, lookMs)
  timer.unref()
  const hub = registry('hub')
  const leave = [
    hub.subscribe(chatTopic(sessionId), (hint) => (hint.kind === 'session' || hint.resync) && void look()),
    hub.subscribe(personTopic(ownerId), () => void look()),
  ]
  function settle(): void {
    tellOfDesk(desk, true)
    const atWork = desk.busy > 0 || desk.terminals.size > 0 || (desk.preview && !desk.preview.isOver())
    if (atWork || desks().get(sessionId) !== desk) return
    desks().delete(sessionId)
    clearInterval(timer)
    leave.forEach((end) => void end())
    release()
    void measure(sessionId).catch(() => undefined)
    filesChanged(sessionId)
  }
  desks().set(sessionId, desk)
  return desk
}
