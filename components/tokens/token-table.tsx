'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo, useTimeZone } from '@/components/ui/time.tsx'
import type { TokenView } from '@/server/tokens/schema.ts'
import { useRevokeToken, useTokens } from './use-tokens.ts'

function RevokeButton({ token }: { token: TokenView }) {
  const t = useTranslations('tokens.revoke')
  const alive = useAlive()
  const { name, id } = token
  const revoke = useRevokeToken(name)
  return (
    <Confirm
      trigger={
        <Button size="sm" variant="danger" disabled={!alive || revoke.isPending} aria-label={t('of', { name })}>
          {revoke.isPending ? t('pending') : t('action')}
        </Button>
      }
      title={t('title', { name })}
      description={t('text')}
      cancel={t('cancel')}
      confirm={t('action')}
      onConfirm={() => revoke.mutate({ id })}
    />
  )
}

/** The day a token ends, in words where it has ended or never will. */
function Expiry({ token: { expired, expiresAt } }: { token: TokenView }) {
  const t = useTranslations('tokens.list')
  const format = useFormatter()
  const timeZone = useTimeZone() ?? 'UTC'
  if (expiresAt === null) return t('noEnd')
  const day = <time dateTime={expiresAt}>{format.dateTime(new Date(expiresAt), { dateStyle: 'medium', timeZone })}</time>
  return expired ? <Badge tone="warn">{t('expired')}</Badge> : day
}

function TokenRow({ token }: { token: TokenView }) {
  const t = useTranslations('tokens')
  return (
    <Tr className={token.expired ? 'text-faint' : undefined}>
      <Td className="min-w-44">
        <bdi className="block font-medium [overflow-wrap:anywhere]">{token.name}</bdi>
        <code className="text-faint text-xs">{token.prefix}…</code>
      </Td>
      <Td>
        <span className="flex gap-1">
          {token.scopes.map((scope) => (
            <Badge key={scope} tone={scope === 'admin' ? 'accent' : 'idle'}>
              {t(`scopes.${scope}`)}
            </Badge>
          ))}
        </span>
      </Td>
      <Td className="whitespace-nowrap">
        <TimeAgo at={token.createdAt} />
      </Td>
      <Td className="whitespace-nowrap">{token.lastUsedAt ? <TimeAgo at={token.lastUsedAt} /> : t('list.neverUsed')}</Td>
      <Td className="whitespace-nowrap">
        <Expiry token={token} />
      </Td>
      <Td className="w-0 text-right">
        <RevokeButton token={token} />
      </Td>
    </Tr>
  )
}

/** Every token there is, the newest first. */
export function TokenTable() {
  const t = useTranslations('tokens.list')
  const tokens = useTokens()
  return (
    <Card>
      <CardHeader title={t('title')} />
      {tokens.length === 0 ? (
        <p className="p-4 text-muted">{t('none')}</p>
      ) : (
        <Table>
          <thead className="bg-sunken">
            <tr>
              {(['name', 'scopes', 'created', 'used', 'expires'] as const).map((column) => (
                <Th key={column}>{t(column)}</Th>
              ))}
              {/* What is only read aloud stands by itself; without a place of its own it would widen the page. */}
              <Th className="relative">
                <span className="sr-only">{t('actions')}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
