'use client'

import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { InlineText } from '@/components/ui/inline-text.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { PlatformRing } from '@/server/rotation/schema.ts'
import { KeyId } from './key-id.tsx'

type Master = PlatformRing['master']
const backupCommand = 'npm run maestro -- keys backup --out <file>'

/** Says loudly that there is no backup of the keys, and how one is made. */
export function NeverBackedUp() {
  const t = useTranslations('keys')
  return (
    <Banner tone="warn" title={t('master.neverTitle')}>
      <p>{t('master.neverText')}</p>
      <p className="mt-2 flex items-center gap-1">
        <code className="min-w-0 rounded bg-surface px-2 py-1 font-mono text-xs [overflow-wrap:anywhere]">{backupCommand}</code>
        <CopyButton text={backupCommand} label={t('copy', { name: t('master.command') })} copied={t('copied')} failed={t('copyFailed')} />
      </p>
    </Banner>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

/** Every master key that can still unwrap, and one that wraps something without being here. */
const masterIds = ({ ids, wraps }: Master) => [
  ...new Set([...ids, ...wraps.filter(({ keys }) => keys > 0).map(({ masterId }) => masterId)]),
]

function MasterRows({ master }: { master: Master }) {
  const t = useTranslations('keys.master')
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th>{t('key')}</Th>
          <Th>
            <span className="sr-only">{t('current')}</span>
          </Th>
          <Th className="text-right">{t('wraps')}</Th>
        </tr>
      </thead>
      <tbody>
        {masterIds(master).map((id) => {
          const current = id === master.currentId
          return (
            <Tr key={id}>
              <Td>{id === '' ? <span className="text-muted">{t('legacy')}</span> : <KeyId id={id} name={t('id')} />}</Td>
              <Td>
                <Badge tone={current ? 'ok' : 'idle'} title={t(current ? 'currentHint' : 'olderHint')}>
                  {t(current ? 'current' : 'older')}
                </Badge>
              </Td>
              <Td className="tabular whitespace-nowrap text-right">
                {t('wrapsCount', { count: master.wraps.find(({ masterId }) => masterId === id)?.keys ?? 0 })}
              </Td>
            </Tr>
          )
        })}
      </tbody>
    </Table>
  )
}

/** What rotating says depends on who keeps the master key; one in the environment is changed there. */
function RotateMaster({ master, pending, onRotate }: { master: Master; pending: boolean; onRotate: () => void }) {
  const t = useTranslations('keys.rotateMaster')
  const alive = useAlive()
  const fixed = master.source === 'environment'
  const text = { environment: 'environment', file: 'file', made: 'text', vault: 'vault' } as const
  return (
    <Confirm
      trigger={
        <Button size="sm" disabled={pending || !alive}>
          <RefreshCw aria-hidden />
          {t(pending ? 'pending' : 'action')}
        </Button>
      }
      title={t('title')}
      description={<InlineText text={t(text[master.source])} />}
      cancel={t('cancel')}
      confirm={t(fixed ? 'wrapAction' : 'action')}
      tone="primary"
      ready={!fixed || master.rotatable}
      onConfirm={onRotate}
    />
  )
}

/** The master key: where it is kept, what it wraps, when it was last backed up. */
export function MasterCard({ master, pending, onRotate }: { master: Master; pending: boolean; onRotate: () => void }) {
  const t = useTranslations('keys.master')
  return (
    <Card className="overflow-hidden">
      <CardHeader title={t('title')}>
        <RotateMaster master={master} pending={pending} onRotate={onRotate} />
      </CardHeader>
      <CardBody>
        <dl className="grid gap-x-8 gap-y-2.5 sm:grid-cols-2">
          <Fact name={t('kept')}>
            <InlineText text={t(`sources.${master.source}`)} />
            {master.path && <span className="block font-mono text-muted text-xs">{master.path}</span>}
          </Fact>
          <Fact name={t('backup')}>
            {master.backedUpAt ? <TimeAgo at={master.backedUpAt} /> : <span className="text-warn">{t('never')}</span>}
          </Fact>
        </dl>
      </CardBody>
      <MasterRows master={master} />
    </Card>
  )
}
