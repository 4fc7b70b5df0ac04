import type { ProjectId } from '@/server/core/gates.ts'
import { openJson, openText } from '@/server/vault/service.ts'
import type { BuildRow } from '../queries/types.ts'
import { buildContext } from '../rules.ts'
import { type Definition, definitionSchema } from '../schema.ts'
import type { StoredReason, ToldReason } from './types.ts'

/** Opens why something ended as it did. */
export async function openReason(projectId: ProjectId, context: string, { reason, reasonSealed }: StoredReason): Promise<ToldReason> {
  const { value, unreadable } = await openText(projectId, context, { sealed: reasonSealed, plain: reason })
  return { reason: value, reasonUnreadable: unreadable }
}

/** Builds of one project with their reasons opened. */
export function withReasons<R extends StoredReason & { id: string }>(
  projectId: ProjectId,
  rows: readonly R[],
): Promise<(Omit<R, 'id' | 'reasonSealed'> & ToldReason)[]> {
  return Promise.all(
    rows.map(async ({ id, reasonSealed, ...row }) => {
      const told = await openReason(projectId, buildContext(id, 'reason'), { reason: row.reason, reasonSealed })
      return { ...row, ...told }
    }),
  )
}

/** What a plain build is to do: null where it has no definition, or none that a key opens. */
export async function openDefinition(
  projectId: ProjectId,
  { id, definition, definitionSealed }: Pick<BuildRow, 'id' | 'definition' | 'definitionSealed'>,
): Promise<{ definition: Definition | null; unreadable: boolean }> {
  const stored = { sealed: definitionSealed, plain: definition }
  const { value, unreadable } = await openJson(projectId, buildContext(id, 'definition'), stored)
  return { definition: value === null ? null : definitionSchema.parse(value), unreadable }
}
