import type { Socket } from 'socket.io-client'
import type { ProjectClientEvents, ProjectServerEvents } from '@/server/builds/schema.ts'

type ProjectSocket = Pick<Socket<ProjectServerEvents, ProjectClientEvents>, 'on' | 'emit' | 'connected'>

/**
 * Shares one socket among all that watch projects. A listener is called when something of its project changed, and after every
 * (re)connection, since what changed meanwhile was told to nobody.
 */
export function makeProjectWatch(socket: ProjectSocket) {
  const listeners = new Map<string, Set<() => void>>()
  const watch = (service: string) => socket.emit('project:watch', { service }, () => undefined)
  const tell = (service: string) => {
    for (const listener of [...(listeners.get(service) ?? [])]) listener()
  }
  socket.on('connect', () => {
    for (const service of listeners.keys()) {
      watch(service)
      tell(service)
    }
  })
  socket.on('project:changed', ({ service }) => tell(service))

  return (service: string, listener: () => void): (() => void) => {
    const known = listeners.get(service)
    const set = known ?? new Set()
    set.add(listener)
    if (!known) {
      listeners.set(service, set)
      if (socket.connected) watch(service)
    }
    return () => {
      set.delete(listener)
      if (set.size > 0 || listeners.get(service) !== set) return
      listeners.delete(service)
      if (socket.connected) socket.emit('project:unwatch', { service })
    }
  }
}
export type ProjectWatch = ReturnType<typeof makeProjectWatch>
