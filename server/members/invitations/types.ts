import { createHmac, hkdfSync } from 'node:crypto'
import { hashSecret } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { secretSource } from '../rules.ts'

/** What an invitation's secret begins with. */
const prefix = 'inv'
const secretShape = new RegExp(`^${prefix}_[\\w-]{43}$`)

/**
 * The secret in an invitation's link. It is made anew from the invitation and the platform's secret whenever a mail is sent, so that it is kept
 * nowhere and travels in no event.
 */
export function secretOf(invitation: { id: string; createdAt: Date }): string {
  const key = Buffer.from(hkdfSync('sha256', registry('platformSecret'), '', 'maestro invitation', 32))
  return `${prefix}_${createHmac('sha256', key).update(secretSource(invitation)).digest('base64url')}`
}

/** What is kept of the secret that somebody shows, or null where it cannot be one. */
export const hashOf = (secret: string): string | null => (secretShape.test(secret) ? hashSecret(secret) : null)

/** The time by the server's clock. */
export const now = () => new Date(registry('clock').now())

/** Says that an invitation cannot be found, for whatever reason. */
export const noInvitation = () =>
  new AppError('NOT_FOUND', 'There is no such invitation any more.', undefined, { key: 'invitationUnknown' })
