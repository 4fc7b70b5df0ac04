import { hashSecret } from '@/server/core/credentials.ts'
import { baseUrl } from '@/server/core/env.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { sendLetter } from '@/server/notifications/service.ts'
import * as data from '../data.ts'
import { invitationState } from '../rules.ts'
import { memberEvents } from '../schema.ts'
import { now, secretOf } from './types.ts'

const hourMs = 3_600_000
/** An invitation that expired this long ago is forgotten. */
const keepExpiredMs = 30 * 24 * hourMs
/** What was cut off between an invitation and its mail is found within this time, or whoever invited has asked again. */
const lookBackMs = 24 * hourMs

/** Each renewal is an invitation of its own. */
const nameOf = (invitation: { id: string; createdAt: Date }) => `${invitation.id}:${invitation.createdAt.getTime()}`

/** Has the mail of an invitation sent; said again it is sent once. */
export async function announce(invitation: { id: string; projectId: string; createdAt: Date }): Promise<void> {
  await sendEvent({
    name: memberEvents.invited,
    id: `${memberEvents.invited}:${nameOf(invitation)}`,
    source: 'members',
    correlationId: invitation.id,
    data: { projectId: invitation.projectId, invitationId: invitation.id },
  })
}

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
  await sendLetter({ key: `invitation:${nameOf(row)}`, to: row.email, locale: locale ?? row.locale, letter })
}

/** Says again what may have been cut off between an invitation and its mail, and forgets what expired long ago. */
export async function sweepInvitations(): Promise<void> {
  const at = now()
  await data.deleteExpired(new Date(at.getTime() - keepExpiredMs))
  for (const row of await data.findOpenSince(new Date(at.getTime() - lookBackMs), at)) await announce(row)
}
