import { reapplyAfterDays, type teamSizes } from './schema.ts'

const dayMs = 24 * 3_600_000

/** When somebody whose application was rejected may apply again. */
export const mayApplyAt = (decidedAt: Date): Date => new Date(decidedAt.getTime() + reapplyAfterDays * dayMs)

/** Rejected after this, somebody has to wait. */
export const rejectedSince = (now: Date): Date => new Date(now.getTime() - reapplyAfterDays * dayMs)

/** The keys of the letters about an application, under which each is sent once. */
export const letterKeys = {
  receipt: (id: string) => `beta.receipt:${id}`,
  notice: (id: string, email: string) => `beta.notice:${id}:${email}`,
  decision: (id: string) => `beta.decision:${id}`,
}

/** A pattern for LIKE that finds the words as they stand. */
export const asPattern = (words: string): string => words.replace(/[\\%_]/g, '\\$&')

/** A team's size as it stands in a mail, in figures that every language reads. */
export const teamFigures: Record<(typeof teamSizes)[number], string> = {
  'just-me': '1',
  '2-5': '2–5',
  '6-20': '6–20',
  '21-100': '21–100',
  more: '> 100',
}
