'use client'

import type { StreamView } from './stream-view.ts'

export interface UseStreamOptions {
  /** The service's name: the first segment of the page's path. */
  service: string
  streamId: string
  /** Only the lines of this stage; the whole build without it. */
  tag?: string
  /** The line a `#L<seq>` link points to: it is loaded first. Read once. */
  from?: number
}

/**
 * A live view of a stream for a virtual console: it subscribes first, then reads, then drops what came twice, so a lost socket leaves
 * neither a gap nor a double. Scroll with `total`, draw with `lineAt`, and tell `ensure` what is visible. Change `tag` freely: each
 * (stream, tag) has a store of its own, kept while a component shows it.
 */
export declare function useStream(options: UseStreamOptions): StreamView
