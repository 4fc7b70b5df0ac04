'use client'

import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field, FieldError } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import type { Passage } from '@/server/memory/schema.ts'

function Passages({ items }: { items: readonly Passage[] }) {
  const t = useTranslations('documents')
  return (
    <ol className="grid gap-2">
      {items.map(({ documentId, ordinal, name, page, text }, at) => (
        <li key={`${documentId}-${ordinal}`} className="rounded-md border px-3 py-2 text-sm">
          <p className="flex flex-wrap items-baseline gap-x-2 font-medium">
            <span className="tabular text-faint">[{at + 1}]</span>
            <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
            {page !== null && <span className="text-faint text-xs">{t('page', { page })}</span>}
          </p>
          <p dir="auto" className="mt-1 line-clamp-6 whitespace-pre-line text-muted text-xs [overflow-wrap:anywhere]">
            {text}
          </p>
        </li>
      ))}
    </ol>
  )
}

/** Shows what an agent would find in its documents. */
export function SearchBox({ agentId }: { agentId: string }) {
  const t = useTranslations('documents')
  const alive = useAlive()
  const failure = useFailureWords()
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  const search = useQuery(useTRPC().memory.search.queryOptions({ agentId, query }, { enabled: query !== '', retry: false }))
  const items = query === '' ? null : (search.data?.items ?? null)
  return (
    <Card>
      <CardHeader title={t('search')} />
      <CardBody className="grid gap-4">
        <form
          className="flex flex-wrap items-start gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            if (typed.trim() === query) void search.refetch()
            setQuery(typed.trim())
          }}
        >
          <Field label={<span className="sr-only">{t('search')}</span>} hint={t('searchHint')} className="min-w-0 flex-1 basis-60">
            {(control) => (
              <Input
                {...control}
                type="search"
                maxLength={500}
                placeholder={t('searchPlaceholder')}
                value={typed}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
          <Button type="submit" className="mt-1.5" disabled={!alive || typed.trim() === '' || search.isFetching}>
            <Search aria-hidden />
            {search.isFetching ? t('searching') : t('searchButton')}
          </Button>
        </form>
        {search.error && <FieldError id="document-search-error">{failure(search.error).text ?? failure(search.error).title}</FieldError>}
        <p role="status" className="text-muted text-sm empty:hidden">
          {items && t('found', { count: items.length })}
        </p>
        {items && items.length > 0 && <Passages items={items} />}
      </CardBody>
    </Card>
  )
}
