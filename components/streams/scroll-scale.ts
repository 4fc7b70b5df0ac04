/**
 * Browsers end an element at some 17 to 33 million pixels, and 1,000,000 lines are longer. So the console has two measures: `top`, the
 * pixel of the whole text that stands at the upper edge, and `scrollTop`, the scrollbar's. Where the text fits they are equal. Where
 * it does not, small movements (wheel, finger, arrow keys) move both alike, so reading stays smooth; big ones (the thumb, Home, End)
 * are read as a share of the whole; and whenever the reader pauses, the scrollbar is set to where the text really stands.
 */
export interface Scale {
  /** Height of the whole text, in pixels. */
  text: number
  /** Height of what is seen of it. */
  viewport: number
}

/** The tallest element that is ever made; Firefox ends at about 17.8 million. */
export const tallest = 4_000_000

export interface Position {
  scrollTop: number
  top: number
}

/** Height of the element that is scrolled. */
export const elementHeight = ({ text }: Scale) => Math.min(text, tallest)

const clamp = (value: number, max: number) => Math.min(Math.max(0, value), Math.max(0, max))
const lastTop = ({ text, viewport }: Scale) => Math.max(0, text - viewport)
const lastScrollTop = (scale: Scale) => Math.max(0, elementHeight(scale) - scale.viewport)

/** Where text and scrollbar stand when the text's pixel `top` is wanted at the upper edge. */
export function positionAt(scale: Scale, top: number): Position {
  const wanted = clamp(top, lastTop(scale))
  if (scale.text <= tallest) return { top: wanted, scrollTop: wanted }
  return { top: wanted, scrollTop: Math.round((wanted / lastTop(scale)) * lastScrollTop(scale)) }
}

/** Where the text stands after the scrollbar went from `from.scrollTop` to `scrollTop`. */
export function scrolled(scale: Scale, from: Position, scrollTop: number): Position {
  if (scale.text <= tallest) return { scrollTop, top: clamp(scrollTop, lastTop(scale)) }
  if (scrollTop <= 0) return { scrollTop, top: 0 }
  if (scrollTop >= lastScrollTop(scale) - 1) return { scrollTop, top: lastTop(scale) }
  const delta = scrollTop - from.scrollTop
  if (Math.abs(delta) <= 2 * scale.viewport) return { scrollTop, top: clamp(from.top + delta, lastTop(scale)) }
  return { scrollTop, top: (scrollTop / lastScrollTop(scale)) * lastTop(scale) }
}

/** Whether the last pixel of the text is seen. */
export const atEnd = (scale: Scale, top: number) => top >= lastTop(scale) - 4
