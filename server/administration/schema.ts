import { z } from 'zod'
import { sessionSchema } from '@/server/accounts/schema.ts'
import { auditEntrySchema } from '@/server/audit/schema.ts'

/** What the navigation of the administration has to know. */
export const sectionsSchema = z.object({
  /** Applications for the beta that nobody has decided about. */
  openApplications: z.number().int(),
  /** Whether mails stay on this server, where they can be read. */
  mail: z.boolean(),
})

export const personStates = ['approved', 'waiting', 'suspended'] as const
export type PersonState = (typeof personStates)[number]
export const peopleFilters = ['all', 'approved', 'waiting', 'suspended', 'admins'] as const
export type PeopleFilter = (typeof peopleFilters)[number]
export const peopleSorts = ['newest', 'oldest', 'email', 'signedIn'] as const
export type PeopleSort = (typeof peopleSorts)[number]

/** How many people there are in each state; administrators are also among the approved. */
export const peopleCountsSchema = z.object({
  all: z.number().int(),
  approved: z.number().int(),
  waiting: z.number().int(),
  suspended: z.number().int(),
  admins: z.number().int(),
})
export type PeopleCounts = z.infer<typeof peopleCountsSchema>

export const personSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  image: z.string().nullable(),
  state: z.enum(personStates),
  /** `listed` in ADMIN_EMAILS, or `appointed` by an administrator. */
  admin: z.enum(['listed', 'appointed']).nullable(),
  createdAt: z.iso.datetime(),
  lastLoginAt: z.iso.datetime().nullable(),
  projects: z.number().int(),
})
export type Person = z.infer<typeof personSchema>

/** What the database can keep and look for: it knows neither NUL nor half a character. */
const storable = (text: string) => !text.includes('\0') && !/\p{Cs}/u.test(text)
export const listPeopleInput = z.object({
  /** Every word has to stand in the name or the e-mail address. */
  search: z.string().trim().max(200).refine(storable).optional(),
  filter: z.enum(peopleFilters).default('all'),
  sort: z.enum(peopleSorts).default('newest'),
  cursor: z.string().max(800).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type ListPeople = z.output<typeof listPeopleInput>
/** `next` is the `cursor` of the next page. */
export const listPeopleOutput = z.object({ items: z.array(personSchema), next: z.string().nullable() })

export const personInput = z.object({ id: z.uuid() })
export const reasonMax = 500
export const suspendInput = personInput.extend({ reason: z.string().trim().min(1, 'Say why.').max(reasonMax).refine(storable) })
export const personSessionInput = personInput.extend({ sessionId: z.uuid() })
export const doneSchema = z.object({ ok: z.literal(true) })

const time = z.iso.datetime()
export const personPageSchema = personSchema.extend({
  googleName: z.string().nullable(),
  locale: z.string().nullable(),
  /** Whether Google vouches for the address. */
  verified: z.boolean(),
  /** Whether it is whoever looks. */
  self: z.boolean(),
  approvedAt: time.nullable(),
  suspendedAt: time.nullable(),
  onboardedAt: time.nullable(),
  sessions: z.array(sessionSchema),
  memberships: z.array(z.object({ service: z.string(), title: z.string(), role: z.enum(['OWNER', 'MAINTAINER', 'VIEWER']), since: time })),
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      prefix: z.string(),
      scopes: z.array(z.string()),
      createdAt: time,
      expiresAt: time.nullable(),
      lastUsedAt: time.nullable(),
    }),
  ),
  applications: z.array(
    z.object({
      id: z.string(),
      company: z.string(),
      purpose: z.string(),
      status: z.enum(['OPEN', 'APPROVED', 'REJECTED']),
      message: z.string().nullable(),
      createdAt: time,
      decidedAt: time.nullable(),
    }),
  ),
  /** What administrators have done to them, the newest first. */
  entries: z.array(auditEntrySchema),
})
export type PersonPage = z.infer<typeof personPageSchema>

/** How the builds of a day ended; those that go on are `open`. */
export const dayOutcomes = ['success', 'unstable', 'failure', 'aborted', 'open'] as const
export type DayOutcome = (typeof dayOutcomes)[number]
const count = z.number().int()

export const overviewSchema = z.object({
  people: peopleCountsSchema.extend({ active: count }),
  projects: count,
  /** The last days, the oldest first, each by UTC; builds that retention has removed are not counted. */
  days: z.array(z.object({ day: z.iso.date(), success: count, unstable: count, failure: count, aborted: count, open: count })),
  /** Of the builds of these days that came to a result, the share that succeeded. */
  successRate: z.number().min(0).max(1).nullable(),
  queue: z.object({ queued: count, running: count, places: count, oldestQueuedAt: z.iso.datetime().nullable() }),
  services: z.object({ up: count, starting: count, down: count, stopped: count, neverDeployed: count }),
  /** Spent on the model since the month began (UTC), in millionths of a US dollar. */
  spent: z.object({ micros: z.number(), demoMicros: z.number(), calls: count, since: z.iso.datetime() }),
  storage: z.object({ databaseBytes: z.number(), artifacts: count, artifactBytes: z.number() }),
  server: z.object({ version: z.string(), build: z.string(), startedAt: z.iso.datetime() }),
  health: z.object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    dependencies: z.array(z.object({ name: z.string(), healthy: z.boolean(), reason: z.string().nullable() })),
  }),
})
export type Overview = z.infer<typeof overviewSchema>
