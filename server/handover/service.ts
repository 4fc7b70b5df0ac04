import type { z } from 'zod'
import { isDenied, settingsOf } from '@/server/ai/service.ts'
import { artifactLimits } from '@/server/artifacts/schema.ts'
import { listArtifacts, putArtifact } from '@/server/artifacts/service.ts'
import { finishBuild, requestBuild, roomInQueue, startBuild } from '@/server/builds/service.ts'
import { titlesOf } from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import type { FileEntry } from '@/server/files/schema.ts'
import { archive, isClosedFolder, listTree } from '@/server/files/service.ts'
import { issueLimits } from '@/server/projects/schema.ts'
import { createProject } from '@/server/projects/service.ts'
import { issueText } from './rules.ts'
import { type lookOutput, type saveProjectInput, sourceName, uploadsFolder } from './schema.ts'
import { places, type Run } from './stages/types.ts'

export { build, install, layOut, release, test } from './stages/stages.ts'

const isUpload = (path: string) => path.startsWith(`${uploadsFolder}/`)
const sumOf = (files: readonly FileEntry[]) => files.reduce((sum, { bytes }) => sum + bytes, 0)

/** What would become a project, and the space's own patterns of what does not. */
async function lookAt(spaceId: ProjectId, sessionId: string) {
  const { denyPaths } = await settingsOf(spaceId)
  const { entries, withheld } = await listTree(spaceId, sessionId, { denyPaths })
  const files = entries.filter(({ kind }) => kind === 'file')
  return { denyPaths, own: files.filter(({ path }) => !isUpload(path)), uploads: files.filter(({ path }) => isUpload(path)), withheld }
}

/** How many files a project would have, and what it might be called. @throws AppError NOT_FOUND */
export async function look(actorId: ActorId, sessionId: string): Promise<z.infer<typeof lookOutput>> {
  const { own, uploads, withheld } = await lookAt(await spaceForActor(actorId), sessionId)
  const titles = await titlesOf(actorId, [sessionId])
  const title = titles.get(sessionId)?.slice(0, issueLimits.titleMax) ?? null
  const handedIn = { files: uploads.length, bytes: sumOf(uploads) }
  return { title, files: own.length, bytes: sumOf(own), uploads: handedIn, left: withheld }
}

const tooLarge = () => {
  const mb = artifactLimits.bytes / 1024 ** 2
  const more = { key: 'handoverTooLarge', values: { mb } }
  return new AppError('TOO_LARGE', `The files of a project may have ${mb} MB together, without dependencies.`, undefined, more)
}

/** The files as one archive: without dependencies, Git's folder, links, what is on the deny-list, and what was handed in unless that is asked for. */
async function sourceOf(
  spaceId: ProjectId,
  sessionId: string,
  { denyPaths, uploads }: { denyPaths: readonly string[]; uploads: boolean },
): Promise<Buffer> {
  const packed = await archive(spaceId, sessionId, ({ path, name, kind }) => {
    if (!uploads && (path === uploadsFolder || isUpload(path))) return true
    return kind === 'link' || kind === 'other' || (kind === 'folder' && isClosedFolder(name)) || isDenied(path, denyPaths)
  })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of packed as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop ends the archive, too.
    if (bytes > artifactLimits.bytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Makes a project of a conversation's files, and asks for its first build. Doing it again with the same `requestId` gives the same two.
 * @throws AppError NOT_FOUND, BAD_REQUEST (no files), TOO_LARGE, as `roomInQueue` and `createProject` say
 */
export async function saveAsProject(
  actorId: ActorId,
  { sessionId, requestId, title, name, uploads = false }: z.input<typeof saveProjectInput>,
): Promise<{ service: string; build: number }> {
  await roomInQueue(actorId, requestId)
  const spaceId = await spaceForActor(actorId)
  const { denyPaths, ...found } = await lookAt(spaceId, sessionId)
  const paths = [...found.own, ...(uploads ? found.uploads : [])].map(({ path }) => path).sort()
  if (paths.length === 0) throw new AppError('BAD_REQUEST', 'There are no files to save.', undefined, { key: 'handoverEmpty' })
  const bytes = await sourceOf(spaceId, sessionId, { denyPaths, uploads })
  const source = { type: 'text' as const, title, body: issueText(paths) }
  const { projectId, service } = await createProject(actorId, { requestId, source, ...(name && { name }) })
  const { number } = await requestBuild(projectId, {
    ...{ requestId, kind: 'FILES', cause: 'Files of a conversation', createdById: actorId },
    async prepare({ buildId }) {
      const kept = await listArtifacts(projectId, buildId)
      if (kept.some((artifact) => artifact.name === sourceName)) return
      await putArtifact(projectId, { buildId, stageKey: null, name: sourceName, mediaType: 'application/gzip', bytes })
    },
  })
  return { service, build: number }
}

/** Takes a build of files out of the queue; its number, or null where it is over. */
export async function start({ projectId, buildId }: Run): Promise<number | null> {
  return (await startBuild(projectId, buildId, [places.source]))?.number ?? null
}

/** Ends a build with what its stages add up to. */
export async function finish({ projectId, buildId }: Run): Promise<void> {
  await finishBuild(projectId, buildId, {})
}

/** Ends a build whose run broke: a fault of ours, also after several tries. */
export async function finishBroken({ projectId, buildId }: Run): Promise<void> {
  await finishBuild(projectId, buildId, { status: 'FAILURE', reason: 'The build broke, also after several tries. It was recorded.' })
}
