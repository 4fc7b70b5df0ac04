// A second node: writes numbered lines into a stream over a database of somebody else, as fast as they are taken, then says so and ends.

import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { projectFromEvent } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register } from '@/server/core/registry.ts'
import { openWriter } from '@/server/streams/service.ts'
import { testKeys } from './keys.ts'

/** What `startStreamNode` hands over; `pauseMs` lies between two lines. */
export interface StreamNodeOrder {
  url: string
  masterKey: string
  projectId: string
  streamId: string
  tag: string
  count: number
  pauseMs: number
}

const order = JSON.parse(process.argv[2] ?? '') as StreamNodeOrder
const { pool, db } = openDatabase(order.url, 4)
const hub = await openPostgresHub(order.url)
register({ pool, db, hub, clock: systemClock, ...testKeys(Buffer.from(order.masterKey, 'hex')) })
const writer = openWriter(projectFromEvent(order), order.streamId)
process.stdout.write('ready\n')
for (let i = 0; i < order.count; i++) {
  writer.write(order.tag, `${order.tag} ${i}\n`)
  if (order.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, order.pauseMs))
  else if (i % 100 === 0) await new Promise(setImmediate)
  await writer.ready()
}
await writer.close()
process.stdout.write('done\n')
await hub.close()
await db.$disconnect()
await pool.end()
