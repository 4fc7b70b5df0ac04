'use client'

import { useQuery } from '@tanstack/react-query'
import { FileLock2, Users } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { DurationText } from '@/components/ui/time.tsx'
import type { BuildView } from '@/server/builds/schema.ts'
import { type SoftwareRole, softwareRoles } from '@/server/crews/schema.ts'

const perUnit = 1_000_000

function useMoney() {
  const format = useFormatter()
  return (micros: number) =>
    format.number(micros / perUnit, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', maximumFractionDigits: 4 })
}

/** How much of the build's budget is spent. */
function Budget({ build }: { build: BuildView }) {
  const t = useTranslations('roles')
  const money = useMoney()
  const share = build.budgetMicros > 0 ? build.spentMicros / build.budgetMicros : 0
  return (
    <div className="grid gap-1.5 px-4 py-3">
      <p className="tabular flex flex-wrap justify-between gap-2 text-muted">
        <span>{t('budget')}</span>
        <span>{t('spent', { spent: money(build.spentMicros), budget: money(build.budgetMicros) })}</span>
      </p>
      <Progress value={share} label={t('budget')} tone={share >= 1 ? 'bad' : share > 0.8 ? 'warn' : 'accent'} />
    </div>
  )
}

/** To what was sent for this build, for those who may read the ledger. */
function LedgerLink({ build: { service, number } }: { build: BuildView }) {
  const t = useTranslations('roles')
  const { data: project } = useQuery(useTRPC().projects.get.queryOptions({ service }))
  if (!project || project.role === 'PUBLIC') return null
  return (
    <p className="border-t px-4 py-2.5">
      <Link
        href={`/${service}/ledger?build=${number}`}
        className="inline-flex items-center gap-1.5 rounded text-accent text-xs hover:underline"
      >
        <FileLock2 aria-hidden className="size-3.5" />
        {t('ledger')}
      </Link>
    </p>
  )
}

const isRole = (role: string): role is SoftwareRole => (softwareRoles as readonly string[]).includes(role)

/** What each role has used: calls, tokens, money, time. */
export function RolesTable({ build }: { build: BuildView }) {
  const t = useTranslations('roles')
  const format = useFormatter()
  const money = useMoney()
  if (build.roles.length === 0) return <EmptyState icon={<Users aria-hidden />} title={t('empty')} />
  const sum = (key: 'calls' | 'inputTokens' | 'outputTokens' | 'durationMs') => build.roles.reduce((total, role) => total + role[key], 0)
  const right = 'tabular whitespace-nowrap text-right'
  return (
    <>
      <Budget build={build} />
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('role')}</Th>
            {(['calls', 'input', 'output', 'cost', 'time'] as const).map((column) => (
              <Th key={column} className="text-right">
                {t(column)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {build.roles.map((role) => (
            <Tr key={role.role}>
              <Td className="whitespace-nowrap font-medium">{isRole(role.role) ? t(`names.${role.role}`) : role.role}</Td>
              <Td className={right}>{format.number(role.calls)}</Td>
              <Td className={right}>{format.number(role.inputTokens)}</Td>
              <Td className={right}>{format.number(role.outputTokens)}</Td>
              <Td className={right}>{money(role.costMicros)}</Td>
              <Td className={right}>
                <DurationText ms={role.durationMs} />
              </Td>
            </Tr>
          ))}
          <Tr className="bg-sunken font-medium">
            <Td>{t('total')}</Td>
            <Td className={right}>{format.number(sum('calls'))}</Td>
            <Td className={right}>{format.number(sum('inputTokens'))}</Td>
            <Td className={right}>{format.number(sum('outputTokens'))}</Td>
            <Td className={right}>{money(build.spentMicros)}</Td>
            <Td className={right}>
              <DurationText ms={sum('durationMs')} />
            </Td>
          </Tr>
        </tbody>
      </Table>
      <LedgerLink build={build} />
    </>
  )
}
