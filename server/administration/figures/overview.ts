import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spentSince } from '@/server/ai/service.ts'
import { sumArtifacts } from '@/server/artifacts/service.ts'
import { buildFigures } from '@/server/builds/service.ts'
import { buildVersion } from '@/server/core/control.ts'
import { readiness } from '@/server/core/health.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { registry } from '@/server/core/registry.ts'
import { countServices } from '@/server/deployments/service.ts'
import * as data from '../data.ts'
import { peopleCounts } from '../people/list.ts'
import { buildDays, firstDay, monthStart, successRate } from '../rules.ts'
import type { Overview } from '../schema.ts'
import type { ServerFacts } from './types.ts'

const weekMs = 7 * 24 * 3600 * 1000
let facts: ServerFacts | undefined

/** Read once: a later build or an update on the disk is not what runs here. */
function serverFacts(): ServerFacts {
  facts ??= {
    version: (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version,
    build: buildVersion(),
    startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString(),
  }
  return facts
}

async function health(): Promise<Overview['health']> {
  const { status, dependencies } = await readiness()
  const all = Object.entries(dependencies).map(([name, one]) => ({ name, healthy: one.status === 'healthy', reason: one.reason ?? null }))
  return { status, dependencies: all }
}

async function people(now: number): Promise<Overview['people']> {
  const [counts, active] = await Promise.all([peopleCounts(), data.countActive(new Date(now - weekMs))])
  return { ...counts, active }
}

async function services(): Promise<Overview['services']> {
  const { UP = 0, STARTING = 0, DOWN = 0, STOPPED = 0, NEVER_DEPLOYED = 0 } = await countServices()
  return { up: UP, starting: STARTING, down: DOWN, stopped: STOPPED, neverDeployed: NEVER_DEPLOYED }
}

async function storage(): Promise<Overview['storage']> {
  const [databaseBytes, artifacts] = await Promise.all([data.databaseBytes(), sumArtifacts()])
  return { databaseBytes, ...artifacts }
}

/** How the platform is and what it is used for. Each figure is one statement over an index or one small table. */
export async function overview(): Promise<Overview> {
  const now = registry('clock').now()
  const month = monthStart(now)
  const [counts, projects, builds, found, spent, stored, well] = await Promise.all([
    people(now),
    data.countProjects(),
    buildFigures(firstDay(now)),
    services(),
    spentSince(month),
    storage(),
    health(),
  ])
  const days = buildDays(builds.days, now)
  return {
    people: counts,
    projects,
    days,
    successRate: successRate(days),
    queue: builds.queue,
    services: found,
    spent: { ...spent, since: month.toISOString() },
    storage: stored,
    server: serverFacts(),
    health: well,
  }
}
