import { randomUUID } from 'node:crypto'
import { buildContext } from '@/server/builds/rules.ts'
import type { Definition } from '@/server/builds/schema.ts'
import { hashSecret, sessionCookieName } from '@/server/core/credentials.ts'
import { db } from '@/server/core/db.ts'
import { type ActorId, actorFromId, type ProjectId, systemProjects } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import { sealJson } from '@/server/vault/service.ts'

let counter = 0
/** A short name that no other row of this test file has. */
export const unique = (prefix: string) => `${prefix}-${(++counter).toString(36)}${randomUUID().slice(0, 4)}`

/** Opens a project for a test as the server's own sweeps do. */
export async function asProject(id: string): Promise<ProjectId> {
  const found = (await systemProjects()).find(({ projectId }) => projectId === id)
  if (!found) throw new Error(`there is no project ${id}`)
  return found.projectId
}

/** The person with this id as a caller. */
export async function asActor(id: string): Promise<ActorId> {
  const actor = await actorFromId(id)
  if (!actor) throw new Error(`there is no user ${id}`)
  return actor.id
}

export function makeUser(over: Partial<Prisma.UserUncheckedCreateInput> = {}) {
  const email = over.email ?? `${unique('person')}@maestro.localhost`
  return db().user.create({
    data: { email, name: 'A Person', emailVerified: new Date(0), approvedAt: new Date(0), onboardedAt: new Date(0), ...over },
  })
}

/** A session of a person; gives the Cookie header that carries it. */
export async function makeSession(userId: string, over: Partial<Prisma.SessionUncheckedCreateInput> = {}): Promise<string> {
  const secret = randomUUID()
  const expires = new Date(Date.now() + 3_600_000)
  await db().session.create({ data: { sessionToken: hashSecret(secret), userId, expires, ...over } })
  return `${sessionCookieName(false)}=${secret}`
}

/** A project with its owner; `ownerId` gives an existing person. */
export async function makeProject({ ownerId, ...over }: { ownerId?: string } & Partial<Prisma.ProjectUncheckedCreateInput> = {}) {
  const createdById = ownerId ?? (await makeUser()).id
  const slug = over.slug ?? unique('service')
  const title = over.title ?? 'A service'
  const row = await db().project.create({
    data: {
      slug,
      title,
      issueTitle: title,
      issueBody: '',
      createdById,
      requestId: randomUUID(),
      ...over,
      memberships: { create: { userId: createdById, role: 'OWNER' } },
    },
  })
  return { ...row, projectId: await asProject(row.id), actorId: await asActor(createdById) }
}

/** A build's row, queued, with a console stream of its own; nothing runs it. */
export async function makeBuild(
  projectId: string,
  { definition, ...over }: Partial<Omit<Prisma.BuildUncheckedCreateInput, 'definition'>> & { definition?: Definition } = {},
) {
  const id = randomUUID()
  const sealed = definition && (await sealJson(await asProject(projectId), buildContext(id, 'definition'), definition))
  const { lastBuild } = await db().project.update({ where: { id: projectId }, data: { lastBuild: { increment: 1 } } })
  const stream = await db().stream.create({ data: { projectId, kind: 'build' } })
  return db().build.create({
    data: {
      id,
      ...(sealed && { definitionSealed: Buffer.from(sealed) }),
      projectId,
      number: lastBuild,
      kind: 'PIPELINE',
      cause: 'test',
      requestId: randomUUID(),
      budgetMicros: 5_000_000n,
      streamId: stream.id,
      ...over,
    },
  })
}
