import type { z } from 'zod'
import type { AgentCard, listAgentsInput } from '../schema.ts'

/** What a list is asked for. */
export type ListQuery = z.infer<typeof listAgentsInput>

/** One row of the list as the statement gives it: numbers and times are what the schema says already. */
export type ListRow = Omit<AgentCard, 'own' | 'owner' | 'archived'> & { ownerId: string; owner: string | null; archivedAt: string | null }

export interface ListAnswer {
  items: ListRow[]
  total: number
  tags: string[]
}
