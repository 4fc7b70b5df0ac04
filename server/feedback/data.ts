import { db, type Tx } from '@/server/core/db.ts'
import type { FeedbackStatus, ScreenshotType } from './schema.ts'

const columns = {
  id: true,
  text: true,
  page: true,
  email: true,
  userAgent: true,
  screenshot: true,
  mediaType: true,
  status: true,
  createdAt: true,
} as const

export interface NewFeedback {
  requestId: string
  userId: string | null
  email: string | null
  text: string
  page: string
  userAgent: string | null
  screenshot: string | null
  keyId: string | null
  mediaType: ScreenshotType | null
  createdAt: Date
}

export async function findByRequest(requestId: string): Promise<string | null> {
  return (await db().feedback.findUnique({ where: { requestId }, select: { id: true } }))?.id ?? null
}

/** Keeps what somebody wrote; the same request again changes nothing. Gives its id. */
export async function addFeedback(feedback: NewFeedback): Promise<string> {
  await db().feedback.createMany({ data: [feedback], skipDuplicates: true })
  return (await db().feedback.findUniqueOrThrow({ where: { requestId: feedback.requestId }, select: { id: true } })).id
}

/** From the newest to the oldest. */
export function findFeedback({ status, cursor, limit }: { status?: FeedbackStatus; cursor?: string; limit: number }) {
  const where = { ...(status ? { status } : {}), ...(cursor ? { id: { lt: cursor } } : {}) }
  return db().feedback.findMany({ where, orderBy: { id: 'desc' }, take: limit, select: columns })
}

export async function countFeedback(): Promise<Record<FeedbackStatus, number>> {
  const rows = await db().feedback.groupBy({ by: ['status'], _count: true })
  const count = (status: FeedbackStatus) => rows.find((row) => row.status === status)?._count ?? 0
  return { OPEN: count('OPEN'), DONE: count('DONE') }
}

export function findScreenshot(id: string) {
  return db().feedback.findUnique({ where: { id }, select: { screenshot: true, mediaType: true } })
}

/** Which of these are open still, with what the audit log calls them. */
export function findOpen(ids: string[]) {
  return db().feedback.findMany({ where: { id: { in: ids }, status: 'OPEN' }, select: { id: true, page: true } })
}

/** True where it was open until now. */
export async function settle(tx: Tx, id: string): Promise<boolean> {
  return (await tx.feedback.updateMany({ where: { id, status: 'OPEN' }, data: { status: 'DONE' } })).count === 1
}

/** What was settled and written before `before`, and what is more than `keep`: the settled first, the oldest first. */
export async function findOutdated(before: Date, keep: number): Promise<{ id: string; screenshot: string | null }[]> {
  const select = { id: true, screenshot: true } as const
  const old = await db().feedback.findMany({ where: { status: 'DONE', createdAt: { lt: before } }, select })
  const over = (await db().feedback.count()) - old.length - keep
  if (over <= 0) return old
  const where = { id: { notIn: old.map(({ id }) => id) } }
  const more = await db().feedback.findMany({ where, select, orderBy: [{ status: 'desc' }, { id: 'asc' }], take: over })
  return [...old, ...more]
}

export async function deleteFeedback(ids: string[]): Promise<void> {
  await db().feedback.deleteMany({ where: { id: { in: ids } } })
}

/** What one person wrote. */
export function findByPerson(userId: string) {
  return db().feedback.findMany({ where: { userId }, orderBy: { id: 'asc' }, select: columns })
}

/** Leaves what a person wrote without saying who it was. */
export async function forgetPerson(tx: Tx, userId: string): Promise<void> {
  await tx.feedback.updateMany({
    where: { userId },
    data: { userId: null, email: null, userAgent: null, screenshot: null, keyId: null, mediaType: null },
  })
}
