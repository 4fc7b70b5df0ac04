import { redirect } from 'next/navigation'
import type { Me } from '@/server/accounts/schema.ts'

/**
 * Sends on whoever has nothing to look at yet: to the application, or to the first project. Who was asked into somebody's project stays,
 * let in or not.
 */
export function enter(me: Pick<Me, 'approved' | 'onboarded'> | null, projects: number): void {
  if (!me || projects > 0) return
  if (!me.approved) redirect('/beta')
  if (!me.onboarded) redirect('/onboarding')
}

/** Keeps what needs a place in the beta for those who have one. */
export function requirePlace(me: Pick<Me, 'approved'> | null): void {
  if (me && !me.approved) redirect('/beta')
}
