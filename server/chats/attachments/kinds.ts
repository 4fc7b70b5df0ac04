import type { imageTypes } from '../schema.ts'

const starts = (bytes: Uint8Array, signs: readonly number[], at = 0) => signs.every((sign, index) => bytes[at + index] === sign)
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0))

/** What kind of picture these bytes are, whatever anybody says of them; null for everything else, drawings that carry scripts among it. */
export function imageTypeOf(bytes: Uint8Array): (typeof imageTypes)[number] | null {
  if (starts(bytes, [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (starts(bytes, ascii('GIF87a')) || starts(bytes, ascii('GIF89a'))) return 'image/gif'
  if (starts(bytes, ascii('RIFF')) && starts(bytes, ascii('WEBP'), 8)) return 'image/webp'
  return null
}

const textTypes: Record<string, string> = { md: 'text/markdown', markdown: 'text/markdown', csv: 'text/csv', json: 'application/json' }

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** What a file is: by its bytes, and only among texts by its name. Never anything that a browser would run. */
export function mediaTypeOf(name: string, bytes: Uint8Array): string {
  const image = imageTypeOf(bytes)
  if (image) return image
  if (starts(bytes, ascii('%PDF-'))) return 'application/pdf'
  if (!isText(bytes)) return 'application/octet-stream'
  return textTypes[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'text/plain'
}

const mostName = 200
/** A file's own name without its folders, nor signs that hide how it ends. */
export function plainName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').trim()
  const name = visible.length > mostName ? `${visible.slice(0, mostName - 20)}${visible.slice(-20)}` : visible
  return /^\.*$/.test(name) ? 'file' : name
}
