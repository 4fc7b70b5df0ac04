import { type Claims, EnvelopeRefusal } from '../envelope/types.ts'

const minuteMs = 60_000
/** A project's calls of the last minute that are remembered; no limit above it is kept. */
const mostPerMinute = 10_000
/** When to ask again where too many calls are open: nobody knows when one ends. */
const soonMs = 1_000

interface Project {
  open: number
  /** When the calls of the last minute began. */
  begun: number[]
}

/** One call that was let in. */
export interface Lease {
  /** Counts what the answer cost, in millionths of a US dollar. */
  spent(micros: number): void
  /** The call is over; to be said once. */
  end(): void
}

/** What projects and budgets have used up. */
export interface Tally {
  /**
   * Lets a call in, or not.
   * @throws EnvelopeRefusal `budget-spent` or `too-many`
   */
  admit(claims: Claims, now: number): Lease
}

type Budgets = Map<string, number>

/** The budget that was used last stands last; the first ones are forgotten, since the caller says what it knows to be spent. */
function touch(budgets: Budgets, id: string, micros: number, most: number): void {
  budgets.delete(id)
  budgets.set(id, micros)
  for (const oldest of budgets.keys()) {
    if (budgets.size <= most) return
    budgets.delete(oldest)
  }
}

/** Projects that nobody has asked for in the last minute need not be remembered. */
function forgetIdle(projects: Map<string, Project>, now: number): void {
  for (const [id, { open, begun }] of projects) {
    if (open === 0 && (begun.at(-1) ?? 0) <= now - minuteMs) projects.delete(id)
  }
}

function checkLimits({ open, begun }: Project, limits: Claims['limits'], now: number): void {
  while (begun.length > 0 && (begun[0] ?? 0) <= now - minuteMs) begun.shift()
  if (open >= limits.concurrent) throw new EnvelopeRefusal('too-many', soonMs)
  const most = Math.min(limits.perMinute, mostPerMinute)
  const first = begun[begun.length - most]
  if (first !== undefined) throw new EnvelopeRefusal('too-many', Math.max(1, first + minuteMs - now))
}

/** Keeps the limits that signed requests bring, project by project; at most `most` of them, and as many budgets. */
export function openTally(most: number): Tally {
  const projects = new Map<string, Project>()
  const budgets: Budgets = new Map()

  function projectOf(id: string, now: number): Project {
    const known = projects.get(id)
    if (known) return known
    if (projects.size >= most) forgetIdle(projects, now)
    if (projects.size >= most) throw new EnvelopeRefusal('too-many', soonMs)
    const made = { open: 0, begun: [] }
    projects.set(id, made)
    return made
  }

  return {
    admit({ iss, project: name, budget, limits }, now) {
      const budgetId = budget && JSON.stringify([iss, name, budget.id])
      if (budget && budgetId) {
        const spent = Math.max(budgets.get(budgetId) ?? 0, budget.spentMicros)
        touch(budgets, budgetId, spent, most)
        if (spent >= budget.limitMicros) throw new EnvelopeRefusal('budget-spent')
      }
      const project = projectOf(JSON.stringify([iss, name]), now)
      checkLimits(project, limits, now)
      project.open++
      project.begun.push(now)
      let over = false
      return {
        spent(micros) {
          if (budgetId) touch(budgets, budgetId, (budgets.get(budgetId) ?? 0) + micros, most)
        },
        end() {
          if (!over) project.open--
          over = true
        },
      }
    },
  }
}
