import type { KeyView } from '@/server/vault/schema.ts'
import type { SealedKind } from '../schema.ts'
import type { Tally } from '../sources/types.ts'

/** What was counted of one source. */
export interface Counted {
  kind: SealedKind
  tallies: Tally[]
}

/** A ring as it is, with what was counted of all that it seals. */
export interface RingState {
  ring: KeyView[]
  counted: Counted[]
}
