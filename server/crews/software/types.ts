import type { ModelName } from '@/server/ai/schema.ts'
import type { SoftwareRole } from '../schema.ts'

/** A role of the crew: who it is, which model speaks for it, what it is told, and where its file tools may write. */
export interface RolePart {
  role: SoftwareRole
  model: ModelName
  maxTokens: number
  /** The system prompt. Its first sentence names the role. */
  system: string
  /** Paths the role's tools may write; none for roles that hand over documents only. */
  writes: readonly string[]
}

/** One block of what a role is given: a tag and any JSON value. */
export type Block = readonly [tag: string, value: unknown]
