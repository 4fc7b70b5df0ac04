'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'

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
  const onSuccess = () => void read()
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
    share: useMutation(trpc.chats.share.mutationOptions({ onSuccess })),
    unshare: useMutation(trpc.chats.unshare.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.chats.delete.mutationOptions({ onSuccess: gone })),
  }
}
