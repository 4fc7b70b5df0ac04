import { agentsOf } from '@/server/agents/service.ts'
import { withReasons } from '@/server/builds/service.ts'
import { conversationsOf } from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, type ProjectId, projectsForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { feedbackOf } from '@/server/feedback/service.ts'
import { documentsOf } from '@/server/memory/service.ts'
import { openIssue } from '@/server/projects/service.ts'
import * as data from '../data.ts'
import type { ExportPart } from './types.ts'

const buildsAtOnce = 500

async function* buildsOf(actorId: ActorId, projectId: ProjectId): AsyncGenerator<unknown> {
  for (let after = 0; ; ) {
    const rows = await data.findBuilds(actorId, projectId, { after, take: buildsAtOnce })
    yield* await withReasons(projectId, rows)
    if (rows.length < buildsAtOnce) return
    after = rows.at(-1)?.number ?? after
  }
}

/** The inside of a list, a value at a time. */
async function* listed(values: ExportPart['values']): AsyncGenerator<string> {
  let first = true
  for await (const value of values) {
    yield `${first ? '' : ','}\n${JSON.stringify(value)}`
    first = false
  }
}

async function* projects(actorId: ActorId): AsyncGenerator<string> {
  let first = true
  const opened = new Map((await projectsForActor(actorId)).map((project) => [project.projectId as string, project.projectId]))
  for (const { id, slug, issueTitle, issueBody, issueSealed, issueUrl, ...project } of await data.findOwnProjects(actorId)) {
    const projectId = opened.get(id)
    if (!projectId) continue
    const { value, unreadable } = await openIssue(projectId, { issueBody, issueSealed })
    const issue = { title: issueTitle, body: value, unreadable, url: issueUrl }
    const told = JSON.stringify({ service: slug, ...project, issue })
    // The builds may be many, so they are read while they are written; the object is closed after them.
    yield `${first ? '' : ','}\n${told.slice(0, -1)},"builds":[`
    yield* listed(buildsOf(actorId, projectId))
    yield ']}'
    first = false
  }
}

/**
 * All that is known of a person as the text of one JSON object, a piece at a time and no faster than it is taken. It holds no secret,
 * nor a hash of one.
 * @throws AppError NOT_FOUND where the account is gone
 */
export async function* exportOf(actorId: ActorId): AsyncGenerator<string> {
  const found = await data.findExport(actorId)
  if (!found) throw new AppError('NOT_FOUND', 'This account does not exist any more.', undefined, { key: 'noAccount' })
  const { sessions, tokens, applications, ...account } = found
  const memberships = (await data.findMemberships(actorId)).map(({ role, createdAt, project }) => ({
    service: project.slug,
    title: project.title,
    role,
    since: createdAt,
  }))
  const parts: ExportPart[] = [
    { name: 'sessions', values: sessions },
    { name: 'tokens', values: tokens },
    { name: 'applications', values: applications },
    { name: 'memberships', values: memberships },
    { name: 'feedback', values: await feedbackOf(actorId) },
    { name: 'conversations', values: conversationsOf(actorId) },
    { name: 'agents', values: await agentsOf(actorId) },
    { name: 'agentDocuments', values: await documentsOf(actorId) },
  ]
  const exportedAt = new Date(registry('clock').now()).toISOString()
  yield `{"format":"maestro-export-1","exportedAt":${JSON.stringify(exportedAt)},\n"account":${JSON.stringify(account)}`
  for (const { name, values } of parts) {
    yield `,\n${JSON.stringify(name)}:[`
    yield* listed(values)
    yield ']'
  }
  yield ',\n"projects":['
  yield* projects(actorId)
  yield ']}\n'
}
