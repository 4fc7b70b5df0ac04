import { db } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

const columns = { id: true, name: true, mediaType: true, size: true, sha256: true, stageKey: true, createdAt: true } as const

/** The id of this project's build with a number. */
export async function findBuildId(projectId: ProjectId, number: number): Promise<string | null> {
  const build = await db().build.findFirst({ where: { projectId, number }, select: { id: true } })
  return build?.id ?? null
}

/** Whether a build is this project's, since an artifact's row names both. */
export async function isBuildOf(projectId: ProjectId, buildId: string): Promise<boolean> {
  return (await db().build.count({ where: { projectId, id: buildId } })) > 0
}

export interface NewArtifact {
  buildId: string
  stageKey: string | null
  name: string
  mediaType: string
  size: number
  sha256: string
  objectKey: string
  keyId: string | null
}

/** Adds an artifact, or puts the new one in the place of that name; gives its id and the key of the object it replaced. */
export async function saveArtifact(projectId: ProjectId, artifact: NewArtifact): Promise<{ id: string; replaced: string | null }> {
  const { buildId, name, ...values } = artifact
  const before = await db().artifact.findFirst({ where: { projectId, buildId, name }, select: { objectKey: true } })
  const row = await db().artifact.upsert({
    where: { buildId_name: { buildId, name }, projectId },
    create: { projectId, ...artifact },
    update: values,
    select: { id: true },
  })
  return { id: row.id, replaced: before && before.objectKey !== artifact.objectKey ? before.objectKey : null }
}

export function findArtifact(projectId: ProjectId, buildId: string, name: string) {
  return db().artifact.findFirst({ where: { projectId, buildId, name }, select: { ...columns, objectKey: true } })
}

export function findArtifacts(projectId: ProjectId, buildId: string) {
  return db().artifact.findMany({ where: { projectId, buildId }, orderBy: { name: 'asc' }, select: columns })
}

/** The build that handed over an artifact of this name last. */
export async function findLatestWith(projectId: ProjectId, name: string): Promise<string | null> {
  const row = await db().artifact.findFirst({ where: { projectId, name }, orderBy: { createdAt: 'desc' }, select: { buildId: true } })
  return row?.buildId ?? null
}

/** How many artifacts the platform keeps, and their bytes. */
export async function sumArtifacts(): Promise<{ artifacts: number; artifactBytes: number }> {
  const sum = await db().artifact.aggregate({ _count: { _all: true }, _sum: { size: true } })
  return { artifacts: sum._count._all, artifactBytes: Number(sum._sum.size ?? 0) }
}
