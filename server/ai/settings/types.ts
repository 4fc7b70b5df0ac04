import type { AiSettings } from '../schema.ts'

/** A project's settings as they are stored; what an earlier version stored may be none that is known today. */
export type StoredSettings = Omit<AiSettings, 'stopAt'> & { stopAt: string | null }
