import { z } from 'zod'

export const keyStates = ['ACTIVE', 'RETIRED', 'DESTROYED'] as const
export const keyStateSchema = z.enum(keyStates)

/** A data key as it may be shown: everything but the key. */
export const keyViewSchema = z.object({
  // Ids that older versions derived are of no version of UUIDs.
  id: z.guid(),
  state: keyStateSchema,
  /** Which master key wraps it; null for one of before there were several. */
  masterId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  retiredAt: z.iso.datetime().nullable(),
  destroyedAt: z.iso.datetime().nullable(),
})
export type KeyView = z.infer<typeof keyViewSchema>

export const masterSources = ['environment', 'file', 'made', 'vault'] as const

/** Where the master key comes from, and what it wraps. */
export const masterStateSchema = z.object({
  kind: z.enum(['local', 'vault']),
  /** `made`: the file of the data directory that the first start made. */
  source: z.enum(masterSources),
  currentId: z.string(),
  /** Every master key that can still unwrap, the current one first. */
  ids: z.array(z.string()),
  /** The file the keys stand in; null for those of the environment and of a vault. */
  path: z.string().nullable(),
  /** How many keys and platform secrets each master key wraps; `masterId` is empty for those of before there were several. */
  wraps: z.array(z.object({ masterId: z.string(), keys: z.number().int() })),
  /** When the keys were last backed up under the current master key. */
  backedUpAt: z.iso.datetime().nullable(),
})
export type MasterState = z.infer<typeof masterStateSchema>

/** What came of looking at every key. */
export const keyCheckSchema = z.object({
  keys: z.number().int(),
  opened: z.number().int(),
  destroyed: z.number().int(),
  /** Keys and platform secrets (by name) that do not open, and why, in one sentence. */
  broken: z.array(z.object({ id: z.string(), projectId: z.uuid().nullable(), reason: z.string() })),
})
export type KeyCheck = z.infer<typeof keyCheckSchema>

export const rewrappedSchema = z.object({ rewrapped: z.number().int(), failed: z.number().int() })
export type Rewrapped = z.infer<typeof rewrappedSchema>

/** What a backup of the keys put back. */
export const importReportSchema = z.object({
  /** When the backup was made. */
  madeAt: z.iso.datetime(),
  masterKeys: z.number().int(),
  keys: z.number().int(),
  secrets: z.number().int(),
  /** Keys of projects that are not here. */
  skipped: z.number().int(),
})
export type ImportReport = z.infer<typeof importReportSchema>

/** A passphrase for a backup of keys: long enough that guessing it is hopeless. */
export const passphraseSchema = z.string().min(12).max(1_000)
