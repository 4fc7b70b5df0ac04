'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { CallDetails, LedgerCall } from '@/server/ai/schema.ts'

function Part({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-1.5 flex flex-wrap items-baseline gap-x-2 font-semibold text-sm">
        {title}
        {aside && <span className="tabular font-normal text-faint text-xs">{aside}</span>}
      </h2>
      {children}
    </section>
  )
}

const quiet = 'text-muted'
const box = 'max-h-72 overflow-y-auto rounded-md border bg-surface'

function FileRows({ files }: { files: NonNullable<CallDetails['files']> }) {
  const t = useTranslations('ledger')
  const f = useTranslations('ledger.files')
  return (
    <Scroller className={box}>
      <Table>
        <thead className="sticky top-0 bg-sunken">
          <tr>
            <Th>{f('path')}</Th>
            <Th className="text-right">{f('size')}</Th>
            <Th>{f('sha')}</Th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, bytes, sha256 }) => (
            <Tr key={`${path} ${sha256}`}>
              <Td className="py-1 font-mono text-xs [overflow-wrap:anywhere]">
                <bdi>{path}</bdi>
              </Td>
              <Td className="py-1 text-right">
                <ByteSize bytes={bytes} />
              </Td>
              <Td className="whitespace-nowrap py-1">
                <span className="inline-flex items-center gap-1">
                  <span title={sha256} className="font-mono text-muted text-xs">
                    <span aria-hidden>{`${sha256.slice(0, 12)}…`}</span>
                    <span className="sr-only">{sha256}</span>
                  </span>
                  <CopyButton
                    text={sha256}
                    label={t('copyOf', { name: `${f('sha')} ${path}` })}
                    copied={t('copied')}
                    failed={t('copyFailed')}
                  />
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Scroller>
  )
}

function Files({ call, files }: { call: LedgerCall; files: CallDetails['files'] }) {
  const t = useTranslations('ledger.files')
  const format = useFormatter()
  const cut = files !== null && files.length < call.files
  const aside = cut ? t('cut', { shown: files.length, count: format.number(call.files) }) : t('count', { count: call.files })
  if (call.files === 0) return <Part title={t('title')}>{<p className={quiet}>{t('none')}</p>}</Part>
  return (
    <Part title={t('title')} aside={files && aside}>
      {files === null ? <p className={quiet}>{t('hidden', { count: call.files })}</p> : <FileRows files={files} />}
    </Part>
  )
}

function Secrets({ redactions }: { redactions: CallDetails['redactions'] }) {
  const t = useTranslations('ledger.secrets')
  return (
    <Part title={t('title')}>
      {redactions.length === 0 ? (
        <p className={quiet}>{t('none')}</p>
      ) : (
        <>
          <ul className="tabular grid gap-0.5">
            {redactions.map(({ rule, count }) => (
              <li key={rule} className="flex justify-between gap-4">
                <span className="font-mono text-xs [overflow-wrap:anywhere]">{rule}</span>
                <span className="whitespace-nowrap text-muted">{t('count', { count })}</span>
              </li>
            ))}
          </ul>
          <p className="mt-1.5 text-faint text-xs">{t('text')}</p>
        </>
      )}
    </Part>
  )
}

function Withheld({ call, paths }: { call: LedgerCall; paths: CallDetails['withheld'] }) {
  const t = useTranslations('ledger.withheldList')
  const cut = useTranslations('ledger.files')
  const format = useFormatter()
  const aside = paths && paths.length < call.withheld && cut('cut', { shown: paths.length, count: format.number(call.withheld) })
  return (
    <Part title={t('title')} aside={aside}>
      {call.withheld === 0 ? (
        <p className={quiet}>{t('none')}</p>
      ) : paths === null ? (
        <p className={quiet}>{t('hidden', { count: call.withheld })}</p>
      ) : (
        <Scroller className={`${box} px-3 py-2`}>
          <ul className="grid gap-0.5 font-mono text-xs">
            {paths.map((path) => (
              <li key={path} className="[overflow-wrap:anywhere]">
                <bdi>{path}</bdi>
              </li>
            ))}
          </ul>
        </Scroller>
      )}
    </Part>
  )
}

/** What was in a request: its files, which secrets were replaced, and what was left out. */
export function SendingContent({ call }: { call: LedgerCall }) {
  if (!call.details) return null
  const { files, redactions, withheld } = call.details
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Files call={call} files={files} />
      <div className="grid min-w-0 content-start gap-4">
        <Secrets redactions={redactions} />
        <Withheld call={call} paths={withheld} />
      </div>
    </div>
  )
}
