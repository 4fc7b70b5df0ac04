import { createHmac } from 'node:crypto'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'

const prefix = 'MAESTRO_SECRET_'
/** Every placeholder, whoever made it: where a request brings one along, it is text like any other and must come back as such. */
export const placeholderPattern = new RegExp(`${prefix}[0-9a-f]{24}`, 'g')

/**
 * Names secrets of one project: the same secret always by the same name, so that a conversation's beginning stays the same from turn to
 * turn, and by another one in every other project. Without the platform's secret nobody can tell which secret a name stands for.
 */
export function namer(projectId: ProjectId): (secret: string) => string {
  const key = createHmac('sha256', registry('platformSecret')).update(`maestro/redaction/${projectId}`).digest()
  return (secret) => prefix + createHmac('sha256', key).update(secret).digest('hex').slice(0, 24)
}
