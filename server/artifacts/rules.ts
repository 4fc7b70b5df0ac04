import { isUtf8 } from 'node:buffer'

/** The beginning of some bytes as text, cut between characters; null where they are no UTF-8 text. */
export function preview(bytes: Buffer, maxBytes: number): { text: string | null; cut: boolean } {
  const cut = bytes.length > maxBytes
  let end = Math.min(bytes.length, maxBytes)
  // A cut may fall inside a character: its bytes after the first begin with the bits 10.
  while (cut && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  const part = bytes.subarray(0, end)
  return isUtf8(part) && !part.includes(0) ? { text: part.toString('utf8'), cut } : { text: null, cut: false }
}

/** The header that makes a browser save a file and never show it, for names in any script (RFC 6266). */
export function attachmentHeader(name: string): string {
  const file = name.split('/').at(-1) ?? name
  const plain = file.replace(/[^\x20-\x7e]|["\\]/g, '_')
  const encoded = encodeURIComponent(file).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
