import type { ScreenshotType } from './schema.ts'

/** How much feedback there is at most. */
export const keptAtMost = 10_000

const starts = (bytes: Uint8Array, signs: number[], at = 0) => signs.every((sign, index) => bytes[at + index] === sign)

/** What kind of picture these bytes are, whatever anybody says of them; null for everything else, drawings that carry scripts among it. */
export function pictureType(bytes: Uint8Array): ScreenshotType | null {
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (starts(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (starts(bytes, [0x52, 0x49, 0x46, 0x46]) && starts(bytes, [0x57, 0x45, 0x42, 0x50], 8)) return 'image/webp'
  return null
}
