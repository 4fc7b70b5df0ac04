'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useSettled } from '@/components/client/use-settled.ts'

/** The service's name while the form is filled in: derived from the title until the person writes one, and checked as it is typed. */
export function useName(title: string) {
  const [typed, setTyped] = useState<string | null>(null)
  const asked = useSettled(typed === null ? title : `${title}\n${typed}`, 250)
  const [askedTitle = '', askedName] = asked.split('\n')
  const enabled = Boolean(typed === null ? askedTitle : askedName)
  const { data, isFetching } = useQuery({
    ...useTRPC().projects.suggestName.queryOptions({
      title: askedTitle.slice(0, 1000),
      ...(askedName === undefined ? {} : { name: askedName.slice(0, 200) }),
    }),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const checked = enabled && typed !== null && askedName === typed && !isFetching ? data : undefined
  return {
    shown: typed ?? (title && data ? data.name : ''),
    /** Only what the person wrote is sent; a derived name is derived again by the server. */
    sent: typed?.trim() || undefined,
    free: checked?.free,
    refused: checked && !checked.free ? checked.reason : null,
    write: (name: string) => setTyped(name === '' ? null : name.toLowerCase()),
  }
}
