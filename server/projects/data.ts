import { db, type Tx } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'

const columns = {
  id: true,
  slug: true,
  title: true,
  issueTitle: true,
  issueBody: true,
  issueSealed: true,
  issueUrl: true,
  createdAt: true,
  lastBuild: true,
  publicRead: true,
} as const

/** The project, or null where it was deleted meanwhile. */
export const findProject = (projectId: ProjectId) => db().project.findUnique({ where: { id: projectId }, select: columns })

/** The project this person made with this request, if it was made before. */
export const findByRequest = (actorId: ActorId, requestId: string) =>
  db().project.findFirst({ where: { requestId, createdById: actorId }, select: { id: true, slug: true } })

/** Whether a service name is taken, by anybody. */
export const nameTaken = async (slug: string) => (await db().project.count({ where: { slug } })) > 0

/** What of a new project's issue is stored, and its key. */
export interface NewProject {
  id: string
  slug: string
  title: string
  issueSealed: Uint8Array
  url: string | null
  requestId: string
  /** Stores the key that sealed the issue. */
  storeKey: (tx: Tx) => Promise<void>
}

/** Stores a project with its owner and its key; the unique columns refuse a second one of the same name or request. */
export const insertProject = (actorId: ActorId, input: NewProject) =>
  db().$transaction(async (tx) => {
    const row = await tx.project.create({
      data: {
        id: input.id,
        slug: input.slug,
        title: input.title,
        issueTitle: input.title,
        issueSealed: Buffer.from(input.issueSealed),
        issueUrl: input.url,
        createdById: actorId,
        requestId: input.requestId,
        memberships: { create: { userId: actorId, role: 'OWNER' } },
        service: { create: {} },
      },
      select: { id: true, slug: true },
    })
    await input.storeKey(tx)
    return row
  })

/** Gives a project another name as long as it has no build. Returns whether it was changed. */
export async function renameUnbuilt(tx: Tx, projectId: ProjectId, slug: string): Promise<boolean> {
  return (await tx.project.updateMany({ where: { id: projectId, lastBuild: 0 }, data: { slug } })).count === 1
}

/** Opens the build pages to everybody, or closes them. Returns false where they were so already. */
export async function changePublicRead(tx: Tx, projectId: ProjectId, publicRead: boolean): Promise<boolean> {
  return (await tx.project.updateMany({ where: { id: projectId, publicRead: !publicRead }, data: { publicRead } })).count === 1
}

/** Whether an error says that a unique column has the value already, and which one. */
export function uniqueViolation(error: unknown): string | null {
  if ((error as { code?: string }).code !== 'P2002') return null
  return JSON.stringify((error as { meta?: unknown }).meta ?? '')
}
