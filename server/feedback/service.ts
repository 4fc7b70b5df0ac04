import { createHash } from 'node:crypto'
import { audited } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, Actor, ActorId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { keyIdOfSealed, openForPlatform, sealForPlatform } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { keptAtMost, pictureType } from './rules.ts'
import { type FeedbackItem, type FeedbackStatus, feedbackLimits, feedbackPageSize, type ScreenshotType } from './schema.ts'

const dayMs = 86_400_000
const now = () => registry('clock').now()
/** What the bytes of a picture are bound to. */
export const pictureContext = (key: string) => `feedback:${key}`

/** The bytes of a picture and what they are. @throws AppError TOO_LARGE, BAD_REQUEST */
function picture(base64: string): { bytes: Buffer; mediaType: ScreenshotType } {
  const bytes = Buffer.from(base64, 'base64')
  const megabytes = feedbackLimits.screenshotBytes / 1024 ** 2
  if (bytes.length > feedbackLimits.screenshotBytes) {
    throw new AppError('TOO_LARGE', `A picture may have ${megabytes} MB.`, 'screenshot', { key: 'pictureTooLarge', values: { megabytes } })
  }
  const mediaType = pictureType(bytes)
  if (!mediaType) throw new AppError('BAD_REQUEST', 'A picture is a PNG, JPEG or WebP file.', 'screenshot', { key: 'noPicture' })
  return { bytes, mediaType }
}

/** What somebody wrote, from where. Only people whom we know may add a picture: `actor` is null for the others. */
export interface GivenFeedback {
  requestId: string
  text: string
  page: string
  screenshot?: string | null
}

/**
 * Keeps what somebody tells us from a page; the same request again adds nothing.
 * @throws AppError UNAUTHENTICATED (a picture of nobody), TOO_LARGE, BAD_REQUEST
 */
export async function giveFeedback(actor: Actor | null, given: GivenFeedback, userAgent: string | null): Promise<{ id: string }> {
  const { requestId, text, page, screenshot } = given
  const known = await data.findByRequest(requestId)
  if (known) return { id: known }
  const from = { userId: actor?.id ?? null, email: actor?.email ?? null, userAgent, createdAt: new Date(now()) }
  if (!screenshot) return { id: await data.addFeedback({ requestId, text, page, screenshot: null, keyId: null, mediaType: null, ...from }) }
  if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in to add a picture.', 'screenshot', { key: 'signInForPicture' })
  const { bytes, mediaType } = picture(screenshot)
  // The same request has the same key: one that was cut off here leaves nothing that the next attempt does not take.
  const key = `feedback/${createHash('sha256').update(`${actor.id} ${requestId}`).digest('hex')}`
  const sealed = await sealForPlatform(pictureContext(key), bytes)
  await registry('objects').put(key, sealed)
  return { id: await data.addFeedback({ requestId, text, page, screenshot: key, keyId: keyIdOfSealed(sealed), mediaType, ...from }) }
}

type Row = Awaited<ReturnType<typeof data.findFeedback>>[number]
const itemOf = ({ screenshot, mediaType, createdAt, ...row }: Row): FeedbackItem => ({
  ...row,
  screenshot: screenshot ? (mediaType as ScreenshotType) : null,
  createdAt: createdAt.toISOString(),
})

/** What people told us, newest first. */
export async function listFeedback(page: {
  status?: FeedbackStatus
  cursor?: string
}): Promise<{ items: FeedbackItem[]; next: string | null }> {
  const rows = await data.findFeedback({ ...page, limit: feedbackPageSize + 1 })
  const items = rows.slice(0, feedbackPageSize).map(itemOf)
  return { items, next: rows.length > feedbackPageSize ? (items.at(-1)?.id ?? null) : null }
}

export async function feedbackCounts(): Promise<{ open: number; done: number }> {
  const { OPEN: open, DONE: done } = await data.countFeedback()
  return { open, done }
}

/** The picture of one entry. @throws AppError NOT_FOUND, UNAVAILABLE (its bytes are gone, or sealed with another master key) */
export async function screenshotOf(id: string): Promise<{ mediaType: ScreenshotType; bytes: Buffer }> {
  const row = await data.findScreenshot(id)
  if (!row?.screenshot) throw new AppError('NOT_FOUND', 'There is no such picture.', 'id', { key: 'noSuchPicture' })
  const sealed = await registry('objects').get(row.screenshot)
  if (!sealed) throw new AppError('UNAVAILABLE', 'The bytes of this picture are gone.', undefined, { key: 'pictureGone' })
  return { mediaType: row.mediaType as ScreenshotType, bytes: await openForPlatform(pictureContext(row.screenshot), sealed) }
}

/** Undoes the note of an act that did not happen. */
class Settled extends Error {}

/** Marks entries as done with; what is so already, or is no more, is left alone. */
export async function settleFeedback(act: Act, ids: string[]): Promise<{ settled: number }> {
  let settled = 0
  for (const { id, page } of await data.findOpen(ids)) {
    const record = { action: 'feedback.settled', target: { type: 'feedback', id, label: page } } as const
    // Somebody else may have settled it a moment ago: then this act did not happen, nor is it written down.
    const changed = await audited(act, record, async (tx) => {
      if (!(await data.settle(tx, id))) throw new Settled()
    }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Settled) return false
        throw error
      },
    )
    if (changed) settled++
  }
  return { settled }
}

async function removePictures(keys: (string | null)[]): Promise<void> {
  for (const key of keys) if (key) await registry('objects').delete(key)
}

/** Hourly: what was settled long ago goes, and what is beyond the bound. */
export async function sweepFeedback(): Promise<void> {
  const outdated = await data.findOutdated(new Date(now() - feedbackLimits.keptDays * dayMs), keptAtMost)
  // Pictures first: a row without its picture is found again by the next sweep, a picture without its row by nobody.
  await removePictures(outdated.map(({ screenshot }) => screenshot))
  await data.deleteFeedback(outdated.map(({ id }) => id))
}

/** What a person told us, for the export of their data. */
export async function feedbackOf(actorId: ActorId): Promise<FeedbackItem[]> {
  return (await data.findByPerson(actorId)).map(itemOf)
}

/** Takes a person's name and pictures from what they told us, in the transaction that ends their account. */
export async function forgetFeedbackOf(tx: Tx, actorId: ActorId): Promise<void> {
  await removePictures((await data.findByPerson(actorId)).map(({ screenshot }) => screenshot))
  await data.forgetPerson(tx, actorId)
}
