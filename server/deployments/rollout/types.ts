import type { ProjectId } from '@/server/core/gates.ts'
import type { HealthGate } from '../rules.ts'
import type { RunDescription } from '../schema.ts'

/** A version of a service, ready to be started. */
export interface Version {
  projectId: ProjectId
  slug: string
  /** The deployment's number; the release's folder has the same. */
  number: number
  run: RunDescription
  launcher: 'sandbox' | 'process'
}

/** The two gates a version passes; tests shorten them. */
export interface Gates {
  deploy: HealthGate
  switch: HealthGate
}

/** Why a version was not taken, and what it said last. */
export interface Refusal {
  what: string
  tail: string[]
}
