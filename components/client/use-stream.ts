'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { failureOf } from './failure.ts'
import { pageSocket } from './page-socket.ts'
import { makeStreamDesk, type StreamDesk } from './stream-socket.ts'
import { emptyView, makeStreamStore } from './stream-store.ts'
import type { StreamView } from './stream-view.ts'
import { useTRPCClient } from './trpc.ts'

export interface UseStreamOptions {
  /** The service's name: the first segment of the page's path. */
  service: string
  streamId: string
  /** Only the lines of this stage; the whole build without it. */
  tag?: string | undefined
  /** The line a `#L<seq>` link points to: it is loaded first. Read once. */
  from?: number | undefined
}

let desk: StreamDesk | undefined

function pageDesk(): StreamDesk {
  desk ??= makeStreamDesk(pageSocket())
  return desk
}

function toError(error: unknown): { code: string; message: string } {
  const { code, message } = failureOf(error)
  return { code, message: message ?? '' }
}

/**
 * A live view of a stream for a virtual console: it subscribes first, then reads, then drops what came twice, so a lost socket leaves
 * neither a gap nor a double. Scroll with `total`, draw with `lineAt`, and tell `ensure` what is visible. Change `tag` freely: each
 * (stream, tag) has a store of its own, kept while a component shows it.
 */
export function useStream({ service, streamId, tag, from }: UseStreamOptions): StreamView {
  const client = useTRPCClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `from` says where to begin; a later one is what `ensure` is for.
  const store = useMemo(
    () =>
      makeStreamStore(
        {
          open: (listener) => pageDesk().open(service, streamId, listener),
          read: (input) => client.streams.read.query({ service, streamId, ...input }),
          index: (input) => client.streams.index.query({ service, streamId, ...input }),
        },
        { tag, from, toError },
      ),
    [client, service, streamId, tag],
  )
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => emptyView)
}
