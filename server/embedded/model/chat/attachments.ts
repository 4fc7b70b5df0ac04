import type { Block } from '../protocol/request.ts'

function sizeOf(bytes: number, korean: boolean): string {
  if (bytes < 1024) return `${bytes} ${korean ? '바이트' : 'bytes'}`
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** Width and height where the first bytes say them. */
function dimensionsOf(bytes: Buffer): string {
  if (bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG') return `, ${bytes.readUInt32BE(16)} × ${bytes.readUInt32BE(20)}`
  if (bytes.length > 10 && bytes.toString('latin1', 0, 3) === 'GIF') return `, ${bytes.readUInt16LE(6)} × ${bytes.readUInt16LE(8)}`
  return ''
}

function told({ type, title, source }: Block, korean: boolean): string {
  const isText = source?.type === 'text'
  const bytes = Buffer.from(source?.data ?? '', isText ? 'utf8' : 'base64')
  const kind = source?.media_type ?? (source?.type === 'url' ? 'url' : 'unknown')
  if (type === 'image') return `- ${korean ? '이미지' : 'an image'}: ${kind}, ${sizeOf(bytes.length, korean)}${dimensionsOf(bytes)}`
  const name = title ? `\`${title.replaceAll('`', "'").slice(0, 120)}\`: ` : ''
  const lines = isText ? `, ${bytes.toString().trimEnd().split('\n').length} ${korean ? '줄' : 'lines'}` : ''
  return `- ${korean ? '문서' : 'a document'} ${name}${kind}, ${sizeOf(bytes.length, korean)}${lines}`
}

/** What came with a message, as far as one can tell from outside. */
export function acknowledge(blocks: Block[], korean: boolean): string {
  if (blocks.length === 0) return ''
  return [korean ? '이런 파일을 받았습니다.' : 'I got this with your message:', ...blocks.map((block) => told(block, korean))].join('\n')
}
