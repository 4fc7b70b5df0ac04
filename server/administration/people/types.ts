import type { PersonState } from '../schema.ts'

/** A person as the list's statement gives it; times are UTC. */
export interface PersonRow {
  id: string
  email: string
  name: string | null
  image: string | null
  state: PersonState
  listed: boolean
  appointed: boolean
  createdAt: string
  lastLoginAt: string | null
  projects: number
}

/** Where a page of the list begins: after this value of what it is sorted by, and among equals after this id. */
export interface Place {
  /** Null where the list has come to those who never signed in. */
  value: string | null
  id: string
}
