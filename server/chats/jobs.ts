import type { Inngest, InngestFunction } from 'inngest'
import { withoutContent } from '@/server/core/inngest.ts'
import { registered } from '@/server/core/registry.ts'
import { sweepChats } from './service.ts'

/**
 * The functions of this domain, for the one list of functions. The embedded executor knows no times of day: there, and for the folders on
 * each node, `main.ts` sweeps by itself; on a real server the cron sees to it that conversations are settled even while no node sweeps.
 */
export function makeChatFunctions(client: Inngest.Any): InngestFunction.Any[] {
  if (registered('embeddedExecutor') !== false) return []
  const sweep = client.createFunction({ id: 'settle-chats', triggers: [{ cron: '*/5 * * * *' }], retries: 2 }, async ({ step }) => {
    await step.run('sweep', () => withoutContent('sweep', async () => ({ ...(await sweepChats()) })))
  })
  return [sweep]
}
