import { join } from 'node:path'
import { db } from '@/server/core/db.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { makeBuild, makeProject, makeSession } from '@/server/testing/factories.ts'
import { ask, freePort, startServer } from '@/server/testing/server-process.ts'
import { streamWorld } from '@/server/testing/stream-world.ts'
import { until } from '@/server/testing/until.ts'

/** The production server as it is built, on the embedded database, with one person who is signed in. */
export interface Site {
  base: string
  /** What carries the person's session. */
  cookie: string
  dataDir: string
  email: string
  stop(): Promise<void>
}

const services = [
  { slug: 'bookmarks', title: 'Bookmark manager for our team' },
  { slug: 'meeting-rooms', title: '회의실 예약 앱' },
  { slug: 'split-expenses', title: 'Split expenses after a trip' },
]

/** Three projects with some finished builds each, as a small team has them. */
async function fill(ownerId: string): Promise<void> {
  for (const service of services) {
    const { projectId } = await makeProject({ ownerId, ...service })
    for (const status of ['SUCCESS', 'FAILURE', 'SUCCESS'] as const) {
      const [startedAt, endedAt] = [new Date(Date.now() - 90_000), new Date(Date.now() - 60_000)]
      await makeBuild(projectId, { status, startedAt, endedAt })
    }
  }
}

/** Starts it on a free port; rate limits are out of the way, since one address asks for all of it. */
export async function site(): Promise<Site> {
  const world = await streamWorld()
  await fill(world.actorId)
  const cookie = await makeSession(world.actorId)
  const { email } = await db().user.findUniqueOrThrow({ where: { id: world.actorId } })
  const port = await freePort()
  const server = startServer(join(projectRoot(), 'dist', 'main.js'), {
    PORT: String(port),
    MAESTRO_DEMO: '1',
    MAESTRO_DATA_DIR: world.dataDir,
    DATABASE_URL: world.databaseUrl,
    MAESTRO_RATE_LIMIT_SCALE: '1000',
    ...{ MAESTRO_URL: '', GOOGLE_CLIENT_ID: '', ANTHROPIC_API_KEY: '', INNGEST_BASE_URL: '' },
  })
  const answers = async () => {
    if (server.child.exitCode !== null) throw new Error(`the server ended at once: ${server.output()}`)
    return (await ask(port, '/').catch(() => null))?.status === 200
  }
  await until(answers, { timeoutMs: 60_000, everyMs: 50, what: 'the first page' }).catch(async (error) => {
    server.child.kill('SIGKILL')
    await world.stop()
    throw error
  })
  return {
    base: `http://127.0.0.1:${port}`,
    cookie,
    dataDir: world.dataDir,
    email,
    async stop() {
      server.child.kill('SIGTERM')
      await server.ended
      await world.stop()
    },
  }
}
