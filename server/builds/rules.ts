import { type BuildStatus, type Definition, finalStatuses } from './schema.ts'

/** What the sealed columns of builds, of their stages and of their steps are bound to. */
export const buildContext = (buildId: string, column: 'definition' | 'verdict' | 'reason'): string => `build:${buildId}/${column}`
export const stageContext = (buildId: string, key: string): string => `stage:${buildId}/${key}/reason`
export const stepContext = (stepId: string): string => `step:${stepId}/reason`

/** Worst first. What still goes on outweighs all that has ended, since more may follow. */
const priority: readonly BuildStatus[] = ['RUNNING', 'ABORTED', 'FAILURE', 'UNSTABLE', 'QUEUED', 'SUCCESS', 'NOT_BUILT']

export const isFinal = (status: BuildStatus): boolean => finalStatuses.includes(status)

/**
 * A parent's status from its children's: the one that comes first in the list of priorities. Without children nothing was built.
 * A parent some of whose children have ended while others wait is running.
 */
export function mergeStatus(children: readonly BuildStatus[]): BuildStatus {
  const merged = priority.find((status) => children.includes(status)) ?? 'NOT_BUILT'
  return merged === 'QUEUED' && children.some((status) => status !== 'QUEUED') ? 'RUNNING' : merged
}

/** The final status of a parent whose work is over: what never began was not built, what was cut off was aborted. */
export function settleStatus(children: readonly BuildStatus[]): BuildStatus {
  return mergeStatus(children.map((status) => settledChild(status)))
}

export function settledChild(status: BuildStatus): BuildStatus {
  if (status === 'QUEUED') return 'NOT_BUILT'
  return status === 'RUNNING' ? 'ABORTED' : status
}

/** Jenkins' weather: the share of successes among the last five finished builds, newest first; null before the first. */
export function weather(statuses: readonly BuildStatus[]): number | null {
  const counted = statuses.filter((status) => isFinal(status) && status !== 'NOT_BUILT').slice(0, 5)
  if (counted.length === 0) return null
  return counted.filter((status) => status === 'SUCCESS').length / counted.length
}

/** Milliseconds between two times, or null while one is missing; never negative, since clocks may be set back. */
export function durationMs(startedAt: Date | null, endedAt: Date | null): number | null {
  return startedAt && endedAt ? Math.max(0, endedAt.getTime() - startedAt.getTime()) : null
}

/** A duration for the console: `0.8 s`, `12 s`, `3 min 4 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)

/** One stage of a definition as it is built: a stage with branches becomes one planned stage for each of them. */
export interface PlannedStage {
  /** Unique in the build: its place, then its name for people who read addresses. */
  key: string
  name: string
  position: number
  branch: string | null
  steps: Definition['stages'][number]['steps']
}

/** The stages of a definition in order; those of one position run side by side, after the stage's own steps where it has some. */
export function planStages(definition: Definition): PlannedStage[] {
  const groups = definition.stages.flatMap(({ name, steps, parallel }) => {
    const own = steps.length > 0 ? [[{ name, branch: null, steps }]] : []
    return parallel.length > 0 ? [...own, parallel.map((one) => ({ name, branch: one.name, steps: one.steps }))] : own
  })
  return groups.flatMap((group, at) =>
    group.map((stage, side) => {
      const parts = [String(at + 1), ...(stage.branch === null ? [] : [String(side + 1)]), slug(stage.branch ?? stage.name)]
      return { ...stage, key: parts.filter(Boolean).join('-'), position: at + 1 }
    }),
  )
}

/** Planned stages by position, in order. */
export function byPosition<T extends { position: number }>(stages: readonly T[]): T[][] {
  const groups = new Map<number, T[]>()
  for (const stage of stages) groups.set(stage.position, [...(groups.get(stage.position) ?? []), stage])
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => group)
}

/** Why a build was started, without the name or the address of whoever started it. */
export const publicCause = (cause: string): string => cause.replace(/^Started by .*/s, 'Started by a member')
