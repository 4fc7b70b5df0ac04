import type { ModelName } from '@/server/ai/schema.ts'
import type { ProjectId } from '@/server/core/gates.ts'
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

/** The run of a crew: which build of which project. `budgetMicros` is in millionths of a US dollar. */
export interface Run {
  projectId: ProjectId
  buildId: string
  budgetMicros: number
}

/** How a stage ended: with what the next stages need (ids and hashes alone), or with the build. Why stands in the stage's row. */
export type Ended<T> = { ok: true; value: T } | { ok: false; status: 'FAILURE' | 'ABORTED' }

/**
 * What a test run found, as far as the flow needs it. The words lie in the artifacts `report` and `failures`; the signature is a
 * digest that is the same for the same failures.
 */
export interface Verdict {
  red: number
  signature: string
  report: string | null
  failures: string | null
}
