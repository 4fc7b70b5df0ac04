import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { audited } from '@/server/audit/service.ts'
import { serviceUrl } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Act, type ActorId, type ProjectId, projectOfOwner } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { registry } from '@/server/core/registry.ts'
import { firstKey, openText } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { deriveName, issueContext, numberedName, parseIssueJson, parseIssueMarkdown, parseIssueUrl, type RawIssue } from './rules.ts'
import { type createProjectInput, type Issue, issueLimits, issueSchema, type Project, projectEvents, serviceNameSchema } from './schema.ts'
import { github } from './sources/github.ts'

export { issueContext } from './rules.ts'

type CreateInput = z.infer<typeof createProjectInput>
const nameTries = 50

async function rawIssue(source: CreateInput['source']): Promise<RawIssue> {
  if (source.type === 'text') return { title: source.title, body: source.body, url: null }
  if (source.type === 'url') {
    const at = parseIssueUrl(source.url)
    if (!at)
      throw new AppError(
        'BAD_REQUEST',
        'This is not the address of a GitHub issue: https://github.com/<owner>/<repository>/issues/<number>.',
        'source.url',
      )
    return github.fetchIssue(at)
  }
  const looksLikeJson = /^\s*[[{]/.test(source.content)
  const issue = looksLikeJson ? parseIssueJson(source.content) : parseIssueMarkdown(source.content)
  if (issue) return issue
  const why = looksLikeJson ? 'This JSON holds no issue with a title.' : 'The file has no first line that could be the title.'
  throw new AppError('BAD_REQUEST', why, 'source.content')
}

/**
 * Reads an issue from pasted text, a GitHub address or a file, and checks its lengths.
 * @throws AppError BAD_REQUEST or TOO_LARGE that names the field
 */
export async function readIssueSource(source: CreateInput['source']): Promise<Issue> {
  const raw = await rawIssue(source)
  const parsed = issueSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path[0]
  if (field === 'body')
    throw new AppError('TOO_LARGE', `The issue's text is longer than ${issueLimits.bodyMaxBytes / 1024} KB.`, 'source.body')
  const words = raw.title.trim() ? `The title is longer than ${issueLimits.titleMax} characters.` : 'The issue needs a title.'
  throw new AppError('BAD_REQUEST', words, 'source.title')
}

function checkedName(name: string): string {
  const parsed = serviceNameSchema.safeParse(name.trim())
  if (!parsed.success) throw new AppError('BAD_REQUEST', `This cannot be a service's name: ${parsed.error.issues[0]?.message}.`, 'name')
  return parsed.data
}

/** A free service name for a title, or whether the name a person typed is free; `reason` says why not. */
export async function suggestName(input: {
  title: string
  name?: string
}): Promise<{ name: string; free: boolean; reason: string | null }> {
  if (input.name !== undefined) {
    const parsed = serviceNameSchema.safeParse(input.name.trim())
    if (!parsed.success) return { name: input.name, free: false, reason: parsed.error.issues[0]?.message ?? null }
    const taken = await data.nameTaken(parsed.data)
    return { name: parsed.data, free: !taken, reason: taken ? 'taken' : null }
  }
  const derived = deriveName(input.title)
  for (let tries = 0; tries < nameTries; tries++) {
    const name = numberedName(derived, tries)
    if (!(await data.nameTaken(name))) return { name, free: true, reason: null }
  }
  return { name: derived, free: false, reason: 'taken' }
}

/** A project under a name that may be taken; its issue is sealed with its own first key. */
async function store(actorId: ActorId, issue: Issue, requestId: string, slug: string): Promise<{ id: string; slug: string }> {
  const id = randomUUID()
  const key = await firstKey(id)
  const issueSealed = key.seal(issueContext(id), Buffer.from(issue.body))
  return data.insertProject(actorId, { id, slug, title: issue.title, issueSealed, url: issue.url, requestId, storeKey: key.store })
}

async function insert(actorId: ActorId, issue: Issue, requestId: string, name: string | undefined): Promise<{ id: string; slug: string }> {
  for (let tries = 0; tries < nameTries; tries++) {
    const slug = name ?? numberedName(deriveName(issue.title), tries)
    if (name === undefined && (await data.nameTaken(slug))) continue
    try {
      return await store(actorId, issue, requestId, slug)
    } catch (error) {
      const clash = data.uniqueViolation(error)
      if (clash === null) throw error
      const before = await data.findByRequest(actorId, requestId)
      if (before) return before
      if (clash.includes('requestId')) throw new AppError('CONFLICT', 'This request was used by somebody else.', 'requestId')
      if (name !== undefined) throw new AppError('CONFLICT', 'This service name is taken.', 'name')
    }
  }
  throw new AppError('CONFLICT', 'No free service name was found; choose one.', 'name')
}

/**
 * Makes a project of an issue; its maker is the owner. Doing it again with the same `requestId` gives the same project.
 * @throws AppError BAD_REQUEST, TOO_LARGE, NOT_FOUND, UNAVAILABLE (the issue), CONFLICT (the name)
 */
export async function createProject(actorId: ActorId, input: CreateInput): Promise<{ projectId: ProjectId; service: string }> {
  const make = async () => {
    const name = input.name?.trim() ? checkedName(input.name) : undefined
    return insert(actorId, await readIssueSource(input.source), input.requestId, name)
  }
  const row = (await data.findByRequest(actorId, input.requestId)) ?? (await make())
  const projectId = await projectOfOwner(actorId, row.id)
  // Said again where it was made before: whoever made it may have been cut off in between. The id makes one event of both.
  await sendEvent({
    name: projectEvents.created,
    id: `${projectEvents.created}:${row.id}`,
    source: 'projects',
    correlationId: input.requestId,
    data: { projectId: row.id },
  })
  return { projectId, service: row.slug }
}

/** The text of an issue as a row holds it; null, and `unreadable` says so, where no key opens it. */
export const openIssue = (projectId: ProjectId, row: { issueSealed: Uint8Array | null; issueBody: string | null }) =>
  openText(projectId, issueContext(projectId), { sealed: row.issueSealed, plain: row.issueBody })

/** The project as its members see it. */
export async function getProject(projectId: ProjectId, role: Project['role']): Promise<Project> {
  const row = await data.findProject(projectId)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such project.')
  const { value, unreadable } = await openIssue(projectId, row)
  return {
    id: row.id,
    service: row.slug,
    title: row.title,
    issue: { title: row.issueTitle, body: unreadable ? null : (value ?? ''), unreadable, url: row.issueUrl },
    role,
    publicRead: row.publicRead,
    createdAt: row.createdAt.toISOString(),
    url: serviceUrl(row.slug),
  }
}

/**
 * The issue a project was made of, for the crew.
 * @throws AppError UNAVAILABLE where no key opens it
 */
export async function issueOf(projectId: ProjectId): Promise<Issue & { service: string }> {
  const { issue, service } = await getProject(projectId, 'OWNER')
  const { title, body, url } = issue
  if (body === null) throw new AppError('UNAVAILABLE', 'The text of the issue cannot be opened.', undefined, { key: 'issueUnreadable' })
  return { title, body, url, service }
}

/**
 * Gives the service another name, as long as nothing was built under the old one.
 * @throws AppError BAD_REQUEST, CONFLICT
 */
export async function renameProject(act: Act, projectId: ProjectId, name: string): Promise<{ service: string }> {
  const slug = checkedName(name)
  const former = await data.findProject(projectId)
  if (!former) throw new AppError('NOT_FOUND', 'There is no such project.')
  if (former.slug === slug) return { service: slug }
  const target = { type: 'project', id: projectId, label: slug } as const
  try {
    await audited(act, { action: 'project.renamed', target, details: { from: former.slug, to: slug } }, async (tx) => {
      if (await data.renameUnbuilt(tx, projectId, slug)) return
      throw new AppError('CONFLICT', 'The name cannot change any more: a build has run under it.', 'name', { key: 'nameIsBuilt' })
    })
  } catch (error) {
    if (data.uniqueViolation(error) === null) throw error
    throw new AppError('CONFLICT', 'This service name is taken.', 'name', { key: 'nameTaken' })
  }
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
  return { service: slug }
}

/** Ends a transaction in which there was nothing to change. */
class Unchanged extends Error {}

/** Lets everybody read the build pages, or members alone; who watches without being a member is cut off at once. */
export async function setPublicRead(act: Act, projectId: ProjectId, publicRead: boolean): Promise<{ publicRead: boolean }> {
  const project = await data.findProject(projectId)
  if (!project) throw new AppError('NOT_FOUND', 'There is no such project.')
  const action = publicRead ? 'project.made-public' : 'project.made-private'
  try {
    await audited(act, { action, target: { type: 'project', id: projectId, label: project.slug } }, async (tx) => {
      if (!(await data.changePublicRead(tx, projectId, publicRead))) throw new Unchanged()
    })
  } catch (error) {
    if (!(error instanceof Unchanged)) throw error
  }
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
  return { publicRead }
}
