import { applicationLimits, applyInput, type Mine, teamSizes } from '@/server/beta/schema.ts'

/** What stands in the form, finished or not. */
export interface ApplicationDraft {
  name: string
  company: string
  purpose: string
  teamSize: (typeof teamSizes)[number] | ''
  consent: boolean
}
export type ApplicationField = keyof ApplicationDraft
export type Problem = 'missing' | 'tooShort' | 'tooLong' | 'hidden'

/** What the form begins with: the person's name, or what they wrote last time. */
export function firstDraft(name: string, mine: Mine): ApplicationDraft {
  if (mine.state !== 'rejected') return { name, company: '', purpose: '', teamSize: '', consent: false }
  const { company, purpose, teamSize } = mine.application
  return { name: mine.application.name, company, purpose, teamSize, consent: false }
}

function problemOf(draft: ApplicationDraft, field: ApplicationField, code: string): Problem {
  if (code === 'custom') return 'hidden'
  if (code === 'too_big') return 'tooLong'
  return field === 'purpose' && draft.purpose.trim() ? 'tooShort' : 'missing'
}

/** What keeps the form from being sent: the first problem of each field. */
export function problemsOf(draft: ApplicationDraft): Partial<Record<ApplicationField, Problem>> {
  const problems: Partial<Record<ApplicationField, Problem>> = {}
  for (const { path, code } of applyInput.safeParse(draft).error?.issues ?? []) {
    const field = path[0] as ApplicationField
    problems[field] ??= problemOf(draft, field, code)
  }
  return problems
}

/** The figures that the problems' sentences have blanks for. */
export const problemValues = {
  name: { max: applicationLimits.nameMax },
  company: { max: applicationLimits.companyMax },
  purpose: { min: applicationLimits.purposeMin, max: applicationLimits.purposeMax },
  teamSize: {},
  consent: {},
} as const

/** Reads what was kept in the browser back into a draft; anything else than a draft is nothing. */
export function readDraft(kept: string | null, first: ApplicationDraft): ApplicationDraft {
  try {
    const { name, company, purpose, teamSize } = JSON.parse(kept ?? '') as Record<string, unknown>
    const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise)
    const size = teamSizes.find((one) => one === teamSize) ?? first.teamSize
    return {
      name: text(name, first.name),
      company: text(company, first.company),
      purpose: text(purpose, first.purpose),
      teamSize: size,
      consent: false,
    }
  } catch {
    return first
  }
}
