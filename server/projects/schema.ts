import { z } from 'zod'

/** First path segments that Maestro itself uses, and host names with a meaning of their own; never a service's name. */
export const reservedNames = [
  'about',
  'account',
  'admin',
  'agents',
  'alerts',
  'api',
  'app',
  'assets',
  'auth',
  'beta',
  'builds',
  'dashboard',
  'docs',
  'download',
  'favicon',
  'feedback',
  'health',
  'healthz',
  'help',
  'home',
  'invitations',
  'legal',
  'localhost',
  'login',
  'logout',
  'mail',
  'maestro',
  'new',
  'onboarding',
  'privacy',
  'projects',
  'public',
  'readyz',
  'robots',
  'samples',
  'settings',
  'sign-in',
  'sign-out',
  'signin',
  'signout',
  'sitemap',
  'socket',
  'static',
  'status',
  'terms',
  'workspace',
  'www',
] as const

/** A service's name: a DNS label, since it stands in a host name. */
export const serviceNameSchema = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens, starting with a letter')
  .refine((name) => !(reservedNames as readonly string[]).includes(name), 'this name is reserved')

export const issueLimits = { titleMax: 200, bodyMaxBytes: 64 * 1024 } as const

// PostgreSQL's text cannot hold NUL, and no reader would miss it.
const text = z.string().transform((value) => value.replaceAll('\u0000', ''))

/** An issue, whatever it came from. */
export const issueSchema = z.object({
  title: text.pipe(z.string().trim().min(1).max(issueLimits.titleMax)),
  body: text.refine((body) => new TextEncoder().encode(body).length <= issueLimits.bodyMaxBytes, 'at most 64 KB').default(''),
  url: z.url().nullable().default(null),
})
export type Issue = z.infer<typeof issueSchema>

/** Exactly one of the three ways an issue comes in. `requestId` makes a repeated submit create one project only. */
export const createProjectInput = z.object({
  requestId: z.uuid(),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), title: z.string(), body: z.string().default('') }),
    z.object({ type: z.literal('url'), url: z.string() }),
    z.object({ type: z.literal('file'), name: z.string().max(255), content: z.string().max(512 * 1024) }),
  ]),
  /** Derived from the title where it is not given. */
  name: z.string().optional(),
})
export const createProjectOutput = z.object({ service: z.string(), build: z.number().int() })

export const projectSchema = z.object({
  id: z.string(),
  service: z.string(),
  title: z.string(),
  /** `body` is null, and `unreadable` says so, where no key opens it any more. */
  issue: z.object({ title: z.string(), body: z.string().nullable(), unreadable: z.boolean(), url: z.string().nullable() }),
  /** PUBLIC is whoever is no member, where the build pages are public. */
  role: z.enum(['OWNER', 'MAINTAINER', 'VIEWER', 'PUBLIC']),
  publicRead: z.boolean(),
  createdAt: z.iso.datetime(),
  /** Where the service answers. */
  url: z.string(),
})
export type Project = z.infer<typeof projectSchema>

/** Event names of this domain; the data is `{projectId}` in the envelope of `core/inngest.ts`. */
export const projectEvents = { created: 'project.created' } as const
