/** Rows of one height, some of them opened and so taller. */
export interface Rows {
  count: number
  height: number
  /** By position, in order: how many pixels an opened row has on top of `height`. */
  opened: readonly { position: number; extra: number }[]
}

export const rowsHeight = ({ count, height, opened }: Rows) => count * height + opened.reduce((sum, { extra }) => sum + extra, 0)

/** The pixel at which a row begins. */
export function rowTop({ height, opened }: Rows, position: number): number {
  let top = position * height
  for (const row of opened) if (row.position < position) top += row.extra
  return top
}

/** The row that a pixel falls into. */
export function rowAt({ count, height, opened }: Rows, pixel: number): number {
  let left = pixel
  let passed = 0
  for (const row of opened) {
    const begin = (row.position - passed) * height
    if (left < begin) break
    if (left < begin + height + row.extra) return row.position
    left -= begin + height + row.extra
    passed = row.position + 1
  }
  return Math.min(Math.max(0, count - 1), passed + Math.max(0, Math.floor(left / height)))
}
