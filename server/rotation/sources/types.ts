import type { ProjectId } from '@/server/core/gates.ts'
import type { SealedKind } from '../schema.ts'

/** Whose things: a project's, or what belongs to none. */
export type Scope = ProjectId | null

/** How much one key sealed. */
export interface Tally {
  /** Null where nobody has looked yet, and for what is stored in the clear. */
  keyId: string | null
  /** False for what older versions stored in the clear. */
  sealed: boolean
  rows: number
  /** Null where nobody has written down how large it is. */
  bytes: number | null
}

/** What became of some rows. */
export interface Counts {
  rows: number
  resealed: number
  /** Bytes that were sealed anew. */
  bytes: number
  /** Rows that no key opens; they stay as they are. */
  unreadable: number
}

/** Rows that were read and wait to be sealed anew. */
export interface Taken {
  /** Where the next ones begin; null where there are none. */
  next: string | null
  bytes: number
  /** Seals them with the active key and stores them; a row that changed or went meanwhile is left alone. */
  work(): Promise<Counts>
}

/** Which rows are asked for: those after `after`, by the key that sealed them, up to so many bytes, one row at least. */
export interface Wanted {
  keyId: string
  after: string | null
  bytes: number
}

/** What came of opening rows without changing them. */
export interface Looked {
  next: string | null
  rows: number
  unreadable: number
}

/** One place where sealed things are kept. One file for each kind of thing; `all.ts` names them in order. */
export interface Source {
  /** Stands in the round's row: never change it. */
  name: string
  kind: SealedKind
  of: 'project' | 'platform'
  /** Whether there is something that was never sealed, or of which nobody knows the key: SQL about the project `$1`; null where there cannot be. */
  unsealed: string | null
  tally(scope: Scope): Promise<Tally[]>
  /** What another key than the one named sealed, or nobody did. */
  take(scope: Scope, wanted: Wanted): Promise<Taken>
  /** Opens what the key named sealed, so many rows at most. */
  look(scope: Scope, wanted: Wanted & { rows: number }): Promise<Looked>
}

/** A column that holds sealed bytes, of rows that are a project's unless it says otherwise. All names are ours, none is anybody's input. */
export interface SealedColumn {
  name: string
  kind: SealedKind
  of?: 'platform'
  table: string
  /** The rows `r` of the project `$1`, or of the platform where `$1` is null: all of FROM and WHERE. */
  rows: string
  /** What names a row, in the order in which rows are walked. */
  key: readonly { column: string; type: 'text' | 'bigint' }[]
  column: string
  /** The column that held the same in the clear before. */
  plain?: string
  /** More columns that the context names. */
  binds?: readonly string[]
  /** What the bytes are bound to; gets the key's and the other columns as text. */
  context(row: Record<string, string>): string
  /** For tables that hold much of many projects: FROM and WHERE of a walk in the key's order; `$4` and on are where it begins. */
  walk?(stale: string): string
}

/** Objects of the object store, each named by a row that also says which key sealed it (`keyId`). */
export interface SealedObjects {
  name: string
  kind: SealedKind
  of: 'project' | 'platform'
  table: string
  /** What has to hold of a row; a project's id is `$1`. */
  where: string
  /** The column with the object's key. */
  object: string
  /** The column with its length, where there is one. */
  size: string | null
  context(objectKey: string): string
}
