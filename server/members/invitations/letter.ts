import { hashSecret } from '@/server/core/credentials.ts'
import { baseUrl } from '@/server/core/env.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { sendLetter, settledLetters } from '@/server/notifications/service.ts'
import * as data from '../data.ts'
import { invitationState } from '../rules.ts'
import { memberEvents } from '../schema.ts'
import { now, secretOf } from './types.ts'

const hourMs = 3_600_000
/** An invitation that expired this long ago is forgotten. */
const keepExpiredMs = 30 * 24 * hourMs
interface Mailed {
  id: string
  projectId: string
  createdAt: Date
}

/** Each renewal is an invitation of its own. */
const nameOf = ({ id, createdAt }: Mailed) => `${id}:${createdAt.getTime()}`
const keyOf = (invitation: Mailed) => `invitation:${nameOf(invitation)}`

/** Has the mail of an invitation sent; said again under the same id it is sent once. `again` makes it another event. */
async function say(invitation: Mailed, again = ''): Promise<void> {
  await sendEvent({
    name: memberEvents.invited,
    id: `${memberEvents.invited}:${nameOf(invitation)}${again}`,
    source: 'members',
    correlationId: invitation.id,
    data: { projectId: invitation.projectId, invitationId: invitation.id },
  })
}

/** Has the mail of an invitation sent. What is stored stands, also where nobody can be told of it just now: the next sweep says it again. */
export const announce = (invitation: Mailed): Promise<void> =>
  say(invitation).catch((err) => logger.warn({ err, invitationId: invitation.id }, 'an invitation waits for the next sweep'))

/** Sends an invitation's mail, unless it was withdrawn or has expired meanwhile; in the language of whoever gets it where that is known. */
export async function sendInvitation(projectId: ProjectId, invitationId: string): Promise<void> {
  const row = await data.findInvitation(projectId, invitationId)
  if (!row || invitationState(row, now()) !== 'open') return
  const secret = secretOf(row)
  if (hashSecret(secret) !== row.hash) throw new Error('The master key is not the one that this invitation was made with.')
  const [locale, names] = await Promise.all([data.localeOf(row.email), data.namesOf([row.invitedById])])
  const values = {
    inviter: names.get(row.invitedById ?? '')?.slice(0, 200) ?? row.project.slug,
    service: row.project.slug,
    role: row.role.toLowerCase() as Lowercase<typeof row.role>,
    link: `${baseUrl()}/invitations/${secret}`,
  }
  const letter = { name: 'invitation' as const, values }
  await sendLetter({ key: keyOf(row), to: row.email, locale: locale ?? row.locale, letter })
}

/** Says again what was cut off between an invitation and its mail, and forgets what expired long ago. */
export async function sweepInvitations(): Promise<void> {
  const at = now()
  await data.deleteExpired(new Date(at.getTime() - keepExpiredMs))
  const rows = await data.findOpen(at)
  const told = await settledLetters(rows.map(keyOf))
  // The same event once more where it was lost, and another one each hour where its run was given up.
  for (const row of rows.filter((one) => !told.has(keyOf(one)))) {
    await say(row)
    await say(row, `:${at.toISOString().slice(0, 13)}`)
  }
}
