import type { z } from 'zod'
import type { listAgentsInput } from '@/server/agents/schema.ts'

/** Whom one can talk to: the same question on the server and in the browser. */
export const choiceOfAgents: z.input<typeof listAgentsInput> = { sort: 'lastRun', limit: 100 }
