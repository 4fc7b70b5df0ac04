import type { ProjectId } from '@/server/core/gates.ts'

/** What lies in a session's folder, told apart by what shows of a file without reading it, and how much it is. */
export interface Survey {
  stamps: Map<string, string>
  bytes: number
  /** There are more files than are looked at. */
  tooMany: boolean
}

/** A process that works in a session's folder; whatever it started works there, too. */
export interface Holder {
  spaceId: ProjectId
  sessionId: string
  pid: number
}
