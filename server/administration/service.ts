import type { z } from 'zod'
import { auditedChange } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import type { sectionsSchema } from './schema.ts'

const now = () => new Date(registry('clock').now())

/** What the navigation shows: what waits, and which pages there are. */
export async function sections(): Promise<z.infer<typeof sectionsSchema>> {
  return { openApplications: await data.countOpenApplications(), mail: registry('mailbox') !== null }
}

async function personOf(id: string) {
  const person = await data.findPerson(id)
  if (!person) throw new AppError('NOT_FOUND', 'There is no such person.', 'id', { key: 'noSuchPerson' })
  return { ...person, target: { type: 'user', id, label: person.email } as const }
}

const tell = (userId: string) => registry('hub').publish(personTopic(userId), {})

/** Lets somebody into the beta. @throws AppError NOT_FOUND */
export async function approve(act: Act, id: string): Promise<void> {
  const { target } = await personOf(id)
  const changed = await auditedChange(act, { action: 'user.approved', target }, (tx) => data.markApproved(tx, id, now()))
  if (changed) tell(id)
}
