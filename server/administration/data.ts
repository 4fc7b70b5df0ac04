import { db, type Tx } from '@/server/core/db.ts'

/** How many applications wait for a decision. */
export const countOpenApplications = () => db().betaApplication.count({ where: { status: 'OPEN' } })

/** What an act writes down of the person it is done to. */
export const findPerson = (id: string) =>
  db().user.findUnique({
    where: { id },
    select: { id: true, email: true, emailVerified: true, admin: true, approvedAt: true, suspendedAt: true },
  })

/** Lets a person into the beta; false where that was done before. */
export async function markApproved(tx: Tx, id: string, at: Date): Promise<boolean> {
  return (await tx.user.updateMany({ where: { id, approvedAt: null }, data: { approvedAt: at } })).count > 0
}
