import { z } from 'zod'
import { keyViewSchema, masterStateSchema } from '@/server/vault/schema.ts'

export const rotationEvents = { asked: 'rotation.round-asked' } as const

/** What is sealed, by what it is to people: a project's things, then the platform's. */
export const sealedKinds = ['issue', 'consoles', 'artifacts', 'builds', 'deployments', 'agents', 'conversations', 'pictures'] as const
export const sealedKindSchema = z.enum(sealedKinds)
export type SealedKind = z.infer<typeof sealedKindSchema>

export const roundStates = ['RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const
export type RoundState = (typeof roundStates)[number]

const count = z.number().int().min(0)

/** A key of a ring, never the key itself. */
export const ringKeySchema = keyViewSchema.extend({
  /** What it sealed and what is stored still: zero for a retired key says that only backups may need it. */
  rows: count,
  bytes: count,
})
export type RingKey = z.infer<typeof ringKeySchema>

/** How much of one kind there is. */
export const sealedCountSchema = z.object({
  kind: sealedKindSchema,
  /** Rows and objects that are sealed, and their bytes; null where nobody has written down how large they are. */
  rows: count,
  bytes: count.nullable(),
  /** Of these, what the active key did not seal. */
  toReseal: count,
  /** Of these, what no key opens any more: it was sealed with a destroyed key, or one that is not in the ring. */
  lost: count,
  /** What older versions stored unsealed; a round seals it. It does not count as rows. */
  inClear: count,
})
export type SealedCountView = z.infer<typeof sealedCountSchema>

/** A round of sealing anew what other keys sealed. */
export const roundSchema = z.object({
  id: z.string(),
  state: z.enum(roundStates),
  /** Rows that are to be looked at; null while they are being counted. A round may find more than it counted. */
  total: count.nullable(),
  done: count,
  resealed: count,
  /** Bytes that were sealed anew. */
  bytes: count,
  /** Rows that no key opens; they stay as they are. */
  unreadable: count,
  /** Bytes a second over the whole round; null at its very beginning. */
  rate: z.number().min(0).nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})
export type RoundView = z.infer<typeof roundSchema>

/** A ring, what it seals, and the round that goes on or was the last. */
export const ringSchema = z.object({
  /** The active one first, then from the newest to the oldest. */
  keys: z.array(ringKeySchema),
  sealed: z.array(sealedCountSchema),
  round: roundSchema.nullable(),
})
export type Ring = z.infer<typeof ringSchema>

export const projectRingSchema = ringSchema.extend({
  service: z.string(),
  /** What destroying the keys makes unreadable for good: all that opens today. */
  atStake: z.object({
    rows: count,
    bytes: count,
    /** Numbers of builds that go on: until they are over the keys cannot be destroyed. */
    openBuilds: z.array(z.number().int()),
    /** Whether a deployed version runs. It runs on, but cannot be started again from what is stored. */
    serviceRuns: z.boolean(),
  }),
})
export type ProjectRing = z.infer<typeof projectRingSchema>

export const platformRingSchema = ringSchema.extend({
  /** `rotatable`: whether a new one can be made from here while the system runs. */
  master: masterStateSchema.extend({ rotatable: z.boolean() }),
  /** Rounds that go on in projects; not the platform's own. */
  rounds: z.array(roundSchema.extend({ service: z.string() })),
  /** Projects with keys, and how many data keys there are in all. */
  totals: z.object({ projects: count, keys: count }),
})
export type PlatformRing = z.infer<typeof platformRingSchema>

const service = z.string().min(1).max(64)
export const serviceInput = z.object({ service })
/** The same request again begins nothing new. */
export const rotateInput = serviceInput.extend({ requestId: z.uuid() })
export const destroyInput = serviceInput.extend({
  /** The service's name once more. */
  confirm: z.string().max(64),
})
export const requestInput = z.object({ requestId: z.uuid() })

export const roundOutput = z.object({ round: roundSchema })
export const rotateOutput = roundOutput.extend({ keyId: z.string() })
export const cancelOutput = z.object({ cancelled: z.boolean() })
/** What became unreadable. */
export const destroyOutput = z.object({ keys: count, rows: count, bytes: count, sealed: z.array(sealedCountSchema) })
export type Destroyed = z.infer<typeof destroyOutput>
export const rotateMasterOutput = z.object({
  masterId: z.string(),
  /** How many keys and secrets were wrapped with it, and how many could not be: their old master key stays. */
  rewrapped: count,
  failed: count,
})

/** Rounds that are over and stay known for each project, and for the platform. */
export const roundsKept = 20
