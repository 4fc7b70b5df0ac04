import type { z } from 'zod'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import type { sectionsSchema } from './schema.ts'

export { overview } from './figures/overview.ts'
export { appointAdmin, dismissAdmin, endSessions, keepAnAdministrator, restore, suspend } from './people/acts.ts'
export { listPeople, peopleCounts } from './people/list.ts'
export { personPage } from './people/page.ts'

/** What the navigation shows: what waits, and which pages there are. */
export async function sections(): Promise<z.infer<typeof sectionsSchema>> {
  return { openApplications: await data.countOpenApplications(), mail: registry('mailbox') !== null }
}
