import { AppError } from './errors.ts'
import { HttpError } from './rest.ts'

/** As long as the front lets a request be. */
const maxBytes = 8 * 1024 * 1024

async function read(request: Request, atMost: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const tooLong = () => new AppError('TOO_LARGE', `A request may carry ${Math.floor(atMost / 1024)} KB.`)
  if (Number(request.headers.get('content-length') ?? 0) > atMost) throw tooLong()
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > atMost) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is no JSON.')
  }
}

/**
 * The JSON object a request carries; none is an empty one. Other types are refused even where nothing is carried: what a form of another
 * site's page can send never comes as JSON.
 * @throws AppError BAD_REQUEST, TOO_LARGE, or 415 as HttpError
 */
export async function jsonBody(request: Request, atMost = maxBytes): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type')
  const json = type !== null && /^application\/json\s*(;|$)/i.test(type.trim())
  if (type !== null && !json) throw new HttpError(415, 'Send the body as application/json.')
  if (request.headers.has('content-encoding')) throw new HttpError(415, 'Send the body as it is, without an encoding.')
  const bytes = await read(request, atMost)
  if (bytes.length === 0) return {}
  if (!json) throw new HttpError(415, 'Send the body as application/json.')
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('BAD_REQUEST', 'The body is no JSON object.')
  return value as Record<string, unknown>
}
