'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import type { Chat } from '@/server/chats/schema.ts'

/** What can be done with a conversation; lists and pages that show it are read again. */
export function useChatChanges(id: string) {
  const t = useTranslations('chats')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const path = usePathname()
  const read = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: trpc.chats.list.pathKey() }),
      queries.invalidateQueries(trpc.chats.get.queryFilter({ id })),
    ])
  // What is shown follows at once: a key that turns something on and off may be pressed again before anything was read.
  const onSuccess = (changed: Chat) => {
    queries.setQueryData(trpc.chats.get.queryKey({ id }), changed)
    void read()
  }
  const gone = () => {
    toast.success(t('delete.done'))
    if (path === `/workspace/${id}`) router.push('/workspace')
    void queries.invalidateQueries({ queryKey: trpc.chats.list.pathKey() })
  }
  return {
    rename: useMutation(trpc.chats.rename.mutationOptions({ onSuccess })),
    pin: useMutation(trpc.chats.pin.mutationOptions({ onSuccess })),
    archive: useMutation(trpc.chats.archive.mutationOptions({ onSuccess })),
    close: useMutation(trpc.chats.close.mutationOptions({ onSuccess })),
    reopen: useMutation(trpc.chats.reopen.mutationOptions({ onSuccess })),
    share: useMutation(trpc.chats.share.mutationOptions({ onSuccess: read })),
    unshare: useMutation(trpc.chats.unshare.mutationOptions({ onSuccess: read })),
    remove: useMutation(trpc.chats.delete.mutationOptions({ onSuccess: gone })),
  }
}
