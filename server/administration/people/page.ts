import { sessionView } from '@/server/accounts/service.ts'
import { listEntries } from '@/server/audit/service.ts'
import { adminEmails } from '@/server/core/env.ts'
import type { ActorId, Via } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import type { PersonPage } from '../schema.ts'
import { isListed, noSuchPerson } from './acts.ts'

const shownEntries = 25
const text = (time: Date | null) => time?.toISOString() ?? null

type Row = NonNullable<Awaited<ReturnType<typeof data.findPersonPage>>>

function heading(row: Row) {
  const listed = isListed(row, adminEmails())
  const approved = row.approvedAt !== null || row.admin || listed
  return {
    id: row.id,
    email: row.email,
    name: row.displayName ?? row.name,
    googleName: row.name,
    image: row.image,
    locale: row.locale,
    verified: row.emailVerified !== null,
    state: row.suspendedAt ? ('suspended' as const) : approved ? ('approved' as const) : ('waiting' as const),
    admin: listed ? ('listed' as const) : row.admin ? ('appointed' as const) : null,
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: text(row.lastLoginAt),
    approvedAt: text(row.approvedAt),
    suspendedAt: text(row.suspendedAt),
    onboardedAt: text(row.onboardedAt),
    projects: row._count.memberships,
  }
}

/**
 * Everything about one person that an administrator needs, and no secret of theirs.
 * @throws AppError NOT_FOUND
 */
export async function personPage(actorId: ActorId, via: Via, id: string): Promise<PersonPage> {
  const [row, entries] = await Promise.all([
    data.findPersonPage(id, new Date(registry('clock').now())),
    listEntries({ target: id, limit: shownEntries }),
  ])
  if (!row) throw noSuchPerson()
  const current = via.kind === 'session' ? via.id : null
  return {
    ...heading(row),
    self: row.id === actorId,
    sessions: row.sessions.map((session) => sessionView(session, session.id === current)),
    memberships: row.memberships.map(({ role, createdAt, project }) => ({
      service: project.slug,
      title: project.title,
      role,
      since: createdAt.toISOString(),
    })),
    tokens: row.tokens.map((token) => ({
      ...token,
      createdAt: token.createdAt.toISOString(),
      expiresAt: text(token.expiresAt),
      lastUsedAt: text(token.lastUsedAt),
    })),
    applications: row.applications.map((one) => ({
      ...one,
      createdAt: one.createdAt.toISOString(),
      decidedAt: text(one.decidedAt),
    })),
    entries: entries.items,
  }
}
