import type { Quota } from '../schema.ts'

/** What may be used up, each with its own sentence. */
export type Limited = keyof Omit<Quota, 'resetsAt'>
