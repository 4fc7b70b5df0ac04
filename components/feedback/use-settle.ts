'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'

/** Marks entries as done with; lists and counts are read again, whoever was faster. */
export function useSettle() {
  const t = useTranslations('feedback.list')
  const queries = useQueryClient()
  const { feedback } = useTRPC()
  return useMutation(
    feedback.settle.mutationOptions({
      onSuccess: () => toast.success(t('settledToast')),
      onSettled: () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: feedback.list.queryKey() }),
          queries.invalidateQueries({ queryKey: feedback.counts.queryKey() }),
        ]),
    }),
  )
}
