import { createHash } from 'node:crypto'
import PostalMime, { type Email } from 'postal-mime'
import type { NewMail } from './data.ts'

const maxSubject = 1_000

// PostgreSQL's texts hold neither NUL nor half a character.
const storable = (text: string): string => Buffer.from(text.replaceAll('\0', '')).toString()

async function parsed(raw: Uint8Array): Promise<Partial<Email>> {
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: 20, maxHeadersSize: 64 * 1024 })
  } catch {
    // What cannot be read as a mail is kept as it came: whoever sent it will want to see it.
    return { text: Buffer.from(raw).toString('latin1') }
  }
}

/** Reads a message as it came over the wire. One without a Message-ID is known by its bytes. */
export async function readMail(envelope: { from: string; to: string[] }, raw: Uint8Array<ArrayBuffer>): Promise<NewMail> {
  const { messageId, subject, text, html } = await parsed(raw)
  return {
    messageId: storable(messageId?.trim().slice(0, 500) || createHash('sha256').update(raw).digest('hex')),
    from: storable(envelope.from),
    to: envelope.to.map((address) => storable(address).toLowerCase()),
    subject: storable(subject ?? '').slice(0, maxSubject),
    text: storable(text ?? ''),
    html: html === undefined ? null : storable(html),
    raw,
  }
}
