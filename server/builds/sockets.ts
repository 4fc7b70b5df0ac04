import { z } from 'zod'
import { isAppError, publicError } from '@/server/core/errors.ts'
import { projectForReader } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { type AppSocket, lookUntilAnswered, onRightsChange } from '@/server/core/sockets.ts'
import type { ProjectClientEvents, ProjectServerEvents } from './schema.ts'

type ProjectSocket = AppSocket<ProjectClientEvents, ProjectServerEvents>

const watchInput = z.object({ service: z.string().min(1).max(64) })
/** What a hint of the hub may say; anything else asks to read everything again, which `project` says. */
const hintSchema = z
  .object({ kind: z.enum(['build', 'service', 'project', 'keys']), number: z.number().int().optional() })
  .catch({ kind: 'project' })
const watchLimit = 500
/** A build with short steps changes more often than a page can read; the last change is always told. */
const quietMs = 60

/** Tells a socket of a project's changes: the first of one kind at once, those that follow closely as one. */
function makeTeller(socket: ProjectSocket, service: string) {
  const waiting = new Map<string, z.infer<typeof hintSchema> | null>()
  const timers = new Set<NodeJS.Timeout>()
  const emit = ({ kind, number }: z.infer<typeof hintSchema>) =>
    void socket.emit('project:changed', number === undefined ? { service, kind } : { service, kind, number })
  const settle = (key: string) => {
    const last = waiting.get(key)
    waiting.delete(key)
    if (last) tell(last)
  }
  function tell(hint: z.infer<typeof hintSchema>): void {
    const key = `${hint.kind} ${hint.number ?? ''}`
    if (waiting.has(key)) {
      waiting.set(key, hint)
      return
    }
    waiting.set(key, null)
    emit(hint)
    const timer = setTimeout(() => {
      timers.delete(timer)
      settle(key)
    }, quietMs)
    timers.add(timer)
  }
  return { tell, stop: () => timers.forEach((timer) => void clearTimeout(timer)) }
}

/**
 * Hints at changes of projects for one socket: `project:watch`, then `project:changed` until `project:unwatch`. Whoever lost the right
 * to see a project hears nothing more of it: the change itself has the gate asked again, and so does every `recheckMs`.
 */
export function projectSockets(socket: ProjectSocket, recheckMs = 60_000): void {
  const watched = new Map<string, () => void>()
  const unwatch = (service: string) => {
    watched.get(service)?.()
    watched.delete(service)
  }
  const recheckOne = (service: string) =>
    projectForReader(socket.data.caller, service).catch((error) => {
      if (!isAppError(error)) throw error
      unwatch(service)
    })
  const recheck = lookUntilAnswered(socket, async () => {
    for (const service of [...watched.keys()]) await recheckOne(service)
  })
  const timer = setInterval(recheck, recheckMs)
  timer.unref()
  onRightsChange(socket, recheck)
  async function watch(service: string): Promise<{ ok: true }> {
    const { projectId } = await projectForReader(socket.data.caller, service)
    if (!socket.connected || watched.has(service) || watched.size >= watchLimit) return { ok: true }
    const teller = makeTeller(socket, service)
    const leave = registry('hub').subscribe(projectTopic(projectId), (message) => {
      const hint = hintSchema.parse(message)
      // Whoever is shut out by the change is told that there was one, and nothing after it.
      teller.tell(hint)
      if (hint.kind === 'project') recheckOne(service).catch(recheck)
    })
    watched.set(service, () => {
      leave()
      teller.stop()
    })
    return { ok: true }
  }
  socket.on('project:watch', (input: unknown, ack: unknown) => {
    const answer = typeof ack === 'function' ? (ack as Parameters<ProjectClientEvents['project:watch']>[1]) : () => undefined
    const parsed = watchInput.safeParse(input)
    if (!parsed.success) {
      answer({ error: { code: 'BAD_REQUEST', message: 'This is no service.' } })
      return
    }
    watch(parsed.data.service).then(answer, (err) => {
      const { code, message } = publicError(err)
      if (code === 'INTERNAL') logger.error({ err }, 'a project could not be watched')
      answer({ error: { code, message } })
    })
  })
  socket.on('project:unwatch', (input: unknown) => {
    const parsed = watchInput.safeParse(input)
    if (parsed.success) unwatch(parsed.data.service)
  })
  socket.on('disconnect', () => {
    clearInterval(timer)
    for (const service of [...watched.keys()]) unwatch(service)
  })
}
