import { randomBytes } from 'node:crypto'
import { serverCaller } from '@/server/caller.ts'
import { pool } from '@/server/core/db.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { streamWorld } from '@/server/testing/stream-world.ts'
import { timed } from './bare.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const calls = 40
const agents = 10_000
const owners = 100

/** So many agents of a hundred people, shared with everybody, as large as agents with a page of instructions are. */
async function fill(): Promise<void> {
  const people = await Promise.all(Array.from({ length: owners }, () => makeUser()))
  const text = `INSERT INTO "Agent" (id, "ownerId", "requestId", name, description, status, model, tags, sharing, sealed, runs, succeeded, tokens, "costMicros", "lastRunAt", "updatedAt")
    SELECT gen_random_uuid(), ($1::text[])[1 + n % ${owners}], gen_random_uuid(), 'Agent ' || n, repeat('Helps with something. ', 5), 'ACTIVE', 'claude-sonnet-5-5',
      ARRAY['tag-' || n % 50, 'team-' || n % 20], 'ALL', $2, n % 90, n % 80, n * 1000, n * 500, now() - n * interval '1 minute', now() - n * interval '3 minutes'
    FROM generate_series(1, ${agents}) n`
  await pool().query(text, [people.map(({ id }) => id), randomBytes(4_000)])
  await pool().query('ANALYZE "Agent"')
}

export const bench: Bench = {
  id: 'agents-list',
  about: `the call agents.list for 50 agents of ${agents.toLocaleString('en')} that the person may use, session, sorting, count and tags included, in the server’s process`,
  async run() {
    const world = await streamWorld()
    try {
      await fill()
      const api = await serverCaller(new Headers({ cookie: await makeSession((await makeUser()).id) }))
      const call = async (page: number) => {
        const { items, total } = await api.agents.list({ limit: 50, page })
        if (items.length !== 50 || total !== agents) throw new Error(`the list has ${items.length} of ${total} agents`)
      }
      const times: number[] = []
      for (let run = 0; run <= runs; run++) {
        const took: number[] = []
        for (let nth = 0; nth < calls; nth++) took.push(await timed(() => call(1 + (nth % 4))))
        times.push(percentile(took, 0.95))
      }
      // The first warms up.
      return [{ what: 'time', unit: 'ms', runs: times.slice(1), baseline: null, goal: { atMost: 20 }, note: `p95 of ${calls} calls` }]
    } finally {
      await world.stop()
    }
  },
}
