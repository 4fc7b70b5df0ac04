import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getArtifact, putArtifact } from '@/server/artifacts/service.ts'
import { systemClock } from '@/server/core/clock.ts'
import { db, pool } from '@/server/core/db.ts'
import type { Act, ProjectId } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { issueContext } from '@/server/projects/service.ts'
import { createStream, openWriter, readStream } from '@/server/streams/service.ts'
import { sealText } from '@/server/vault/service.ts'
import { makeBuild, makeProject } from './factories.ts'

/** Somebody who does something, for tests of acts. */
export const someAct = (): Act => ({
  actorId: null,
  email: 'ada@maestro.localhost',
  address: null,
  userAgent: null,
  requestId: randomUUID(),
})

/** A clock that a test moves on. */
export function movableClock() {
  let aheadMs = 0
  register({ clock: { ...systemClock, now: () => systemClock.now() + aheadMs } })
  return {
    goOn: (ms: number) => {
      aheadMs += ms
    },
  }
}

/** An object store in a folder of its own. */
export async function objectFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-objects-'))
  register({ objects: fileObjectStore(folder) })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A project with something of each kind that is sealed. */
export async function sealedProject({ lines = 50, artifacts = 3 } = {}) {
  const project = await makeProject({ issueBody: null })
  const { projectId } = project
  const issueSealed = await sealText(projectId, issueContext(projectId), 'an issue')
  await db().project.update({ where: { id: projectId }, data: { issueSealed: issueSealed && new Uint8Array(issueSealed) } })
  const build = await makeBuild(projectId, { status: 'SUCCESS' })
  await writeLines(projectId, build.streamId, 0, lines)
  for (let nth = 0; nth < artifacts; nth++)
    await putArtifact(projectId, {
      buildId: build.id,
      name: `artifact-${nth}`,
      mediaType: 'text/plain',
      bytes: `the text of artifact ${nth}`,
    })
  return { ...project, build }
}

/** Adds numbered lines to a stream, each a segment of its own. */
export async function writeLines(projectId: ProjectId, streamId: string, from: number, count: number): Promise<void> {
  const writer = openWriter(projectId, streamId)
  for (let line = from; line < from + count; line++) {
    writer.write(`tag ${line}`, `line ${line}\n`)
    await writer.flush()
  }
  await writer.close()
}

/** What a project's stream says; null for a segment that cannot be opened. */
export async function linesOf(projectId: ProjectId, streamId: string): Promise<(string | null)[]> {
  const { chunks } = await readStream(projectId, { streamId, from: 1, limit: 100_000 })
  return chunks.map(({ text }) => text)
}

export const textOf = async (projectId: ProjectId, buildId: string, name: string) =>
  (await getArtifact(projectId, buildId, name)).bytes.toString()

/** How many segments of a project each key sealed. */
export async function segmentKeys(projectId: ProjectId): Promise<Record<string, number>> {
  const { rows } = await pool().query<{ key: string; count: string }>(
    `SELECT encode(substring(s.sealed FROM 2 FOR 16), 'hex')::uuid::text AS key, count(*) FROM "StreamSegment" s
     JOIN "Stream" t ON t.id = s."streamId" WHERE t."projectId" = $1 GROUP BY 1`,
    [projectId],
  )
  return Object.fromEntries(rows.map(({ key, count }) => [key, Number(count)]))
}

/** An empty stream of a project. */
export const emptyStream = (projectId: ProjectId) => createStream(projectId, 'build')
