import { createHash } from 'node:crypto'
import { AppError, isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { keyIdOfSealed, open, seal } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { preview } from './rules.ts'
import { type ArtifactMeta, artifactLimits, artifactNameSchema, mediaTypeSchema } from './schema.ts'

export { sumArtifacts } from './data.ts'
export { attachmentHeader } from './rules.ts'

export interface ArtifactInput {
  buildId: string
  stageKey?: string | null
  name: string
  mediaType: string
  bytes: Uint8Array | string
}

/** What the bytes of an artifact are bound to. */
export const artifactContext = (objectKey: string) => `artifact:${objectKey}`
const metaOf = ({ createdAt, ...row }: Omit<ArtifactMeta, 'createdAt'> & { createdAt: Date }): ArtifactMeta => ({
  id: row.id,
  name: row.name,
  mediaType: row.mediaType,
  size: row.size,
  sha256: row.sha256,
  stageKey: row.stageKey,
  createdAt: createdAt.toISOString(),
})

function checked(input: ArtifactInput): Buffer {
  const bytes = Buffer.from(input.bytes as Uint8Array)
  if (!artifactNameSchema.safeParse(input.name).success) throw new AppError('BAD_REQUEST', 'This cannot be an artifact’s name.', 'name')
  if (!mediaTypeSchema.safeParse(input.mediaType).success) throw new AppError('BAD_REQUEST', 'This is no media type.', 'mediaType')
  if (bytes.length > artifactLimits.bytes)
    throw new AppError('TOO_LARGE', `An artifact may have ${artifactLimits.bytes / 1024 ** 2} MB.`, 'bytes')
  return bytes
}

/**
 * Keeps what a build hands over, sealed with the project's key. The same name again replaces it, so a step that is done again
 * does no harm.
 * @throws AppError BAD_REQUEST, TOO_LARGE, NOT_FOUND (the build)
 */
export async function putArtifact(projectId: ProjectId, input: ArtifactInput): Promise<{ id: string; sha256: string }> {
  const bytes = checked(input)
  const { buildId, stageKey = null, name, mediaType } = input
  if (!(await data.isBuildOf(projectId, buildId))) throw new AppError('NOT_FOUND', 'There is no such build.', 'buildId')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  // The content is part of the key: a reader of the row before sees the bytes before.
  const objectKey = `artifacts/${projectId}/${buildId}/${createHash('sha256').update(`${name}\0${sha256}`).digest('hex')}`
  const sealed = await seal(projectId, artifactContext(objectKey), bytes)
  await registry('objects').put(objectKey, sealed)
  const stored = { mediaType, size: bytes.length, sha256, objectKey, keyId: keyIdOfSealed(sealed) }
  const { id, replaced } = await data.saveArtifact(projectId, { buildId, stageKey, name, ...stored })
  if (replaced) await registry('objects').delete(replaced)
  return { id, sha256 }
}

/**
 * An artifact with its bytes, which are checked against what was handed over.
 * @throws AppError NOT_FOUND, UNAVAILABLE where the bytes are gone or not the ones that were kept
 */
export async function getArtifact(projectId: ProjectId, buildId: string, name: string): Promise<{ meta: ArtifactMeta; bytes: Buffer }> {
  const row = await data.findArtifact(projectId, buildId, name)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such artifact.', 'name')
  const sealed = await registry('objects').get(row.objectKey)
  if (!sealed) throw new AppError('UNAVAILABLE', 'The bytes of this artifact are gone.')
  const bytes = await open(projectId, artifactContext(row.objectKey), sealed)
  if (createHash('sha256').update(bytes).digest('hex') !== row.sha256) throw new AppError('UNAVAILABLE', 'This artifact is damaged.')
  return { meta: metaOf(row), bytes }
}

/** The latest artifact of a name among all builds of a project, or null. @throws AppError as `getArtifact` */
export async function latestArtifact(projectId: ProjectId, name: string): Promise<{ meta: ArtifactMeta; bytes: Buffer } | null> {
  const buildId = await data.findLatestWith(projectId, name)
  return buildId ? getArtifact(projectId, buildId, name) : null
}

/** What a build has handed over, by name. */
export async function listArtifacts(projectId: ProjectId, buildId: string): Promise<ArtifactMeta[]> {
  return (await data.findArtifacts(projectId, buildId)).map(metaOf)
}

/**
 * The id of a build by its number, for callers that come from an address.
 * @throws AppError NOT_FOUND
 */
export async function buildIdOf(projectId: ProjectId, number: number): Promise<string> {
  const buildId = await data.findBuildId(projectId, number)
  if (!buildId) throw new AppError('NOT_FOUND', 'There is no such build.', 'number')
  return buildId
}

/**
 * The beginning of an artifact as text, for a page; one that cannot be opened says so.
 * @throws AppError NOT_FOUND
 */
export async function artifactText(projectId: ProjectId, number: number, name: string) {
  const buildId = await buildIdOf(projectId, number)
  try {
    const { meta, bytes } = await getArtifact(projectId, buildId, name)
    return { meta, unreadable: false, ...preview(bytes, artifactLimits.previewBytes) }
  } catch (error) {
    const row = isAppError(error) ? await data.findArtifact(projectId, buildId, name) : null
    if (!row) throw error
    return { meta: metaOf(row), text: null, cut: false, unreadable: true }
  }
}
