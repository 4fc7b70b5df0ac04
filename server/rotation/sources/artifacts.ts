import { artifactContext } from '@/server/artifacts/service.ts'
import { objectSource } from './objects.ts'

/** What builds handed over. */
export const artifacts = [
  objectSource({
    name: 'artifacts',
    kind: 'artifacts',
    of: 'project',
    table: 'Artifact',
    where: 'r."projectId" = $1',
    object: 'objectKey',
    size: 'size',
    context: artifactContext,
  }),
]
