import { httpStatus, publicError } from './errors.ts'
import { logger } from './logger.ts'

/** A raw route's answer in place of what it could not give: our own words where they are ours; anything else is logged as `what` and masked. */
export function refusalOf(err: unknown, what: string): Response {
  const { code, message, field, retryAfter } = publicError(err)
  if (code === 'INTERNAL') logger.error({ err }, what)
  const details = field === undefined ? null : { field }
  const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) }
  return Response.json({ success: false, error_code: code, message, details }, { status: httpStatus[code], headers })
}

/** The headers of a download: what others made is saved by the browser and never shown as a page of ours. */
export const downloadHeaders = (mediaType: string, disposition: string) => ({
  'content-type': mediaType,
  'content-disposition': disposition,
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-store',
})
