'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'

/** The person's tokens, the newest first. */
export const useTokens = () => useQuery(useTRPC().tokens.list.queryOptions()).data?.items ?? []

const useReload = () => {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: trpc.tokens.list.queryKey() })
}

/** Makes a token; what is wrong with it stands beside its field, so nothing is said twice. */
export function useCreateToken() {
  const onSettled = useReload()
  return useMutation(useTRPC().tokens.create.mutationOptions({ meta: { silent: true }, onSettled }))
}

/** Ends a token. */
export function useRevokeToken(name: string) {
  const t = useTranslations('tokens.revoke')
  const onSettled = useReload()
  return useMutation(useTRPC().tokens.revoke.mutationOptions({ onSuccess: () => void toast.success(t('done', { name })), onSettled }))
}
