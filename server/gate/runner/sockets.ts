import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server as HttpServer } from 'node:http'
import { connect, createServer as createSocketServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The app under test, as far as the tests may move it. */
export interface AppUnderTest {
  readonly socketPath: string
  restart(): Promise<void>
  reset(): Promise<void>
}

/** The two sockets through which the tests reach the app and the platform; `folder` holds both. */
export interface GateSockets {
  folder: string
  app: string
  control: string
  close(): Promise<void>
}

function listen(server: Server | HttpServer, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve(chmod(path, 0o666)))
  })
}

function toApp(app: AppUnderTest): Server {
  return createSocketServer((from) => {
    const to = connect(app.socketPath)
    from.on('error', () => to.destroy())
    to.on('error', () => from.destroy())
    from.on('close', () => to.destroy())
    to.on('close', () => from.destroy())
    from.pipe(to).pipe(from)
  })
}

function toPlatform(app: AppUnderTest): HttpServer {
  return createServer(async (request, response) => {
    const moves: Record<string, (() => Promise<void>) | undefined> = { '/restart': () => app.restart(), '/reset': () => app.reset() }
    const move = request.method === 'POST' ? moves[request.url ?? ''] : undefined
    if (!move) return response.writeHead(404).end()
    try {
      await move()
      response.writeHead(200).end('done')
    } catch (error) {
      response.writeHead(503).end(error instanceof Error ? error.message : 'failed')
    }
  })
}

/**
 * Opens the sockets in a short folder with names nobody can guess, since the runner may be another user: Unix sockets have a
 * length limit, and the data directory is closed to that user.
 */
export async function openSockets(app: AppUnderTest): Promise<GateSockets> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-gate-'))
  await chmod(folder, 0o711)
  const name = () => join(folder, `${randomBytes(12).toString('hex')}.sock`)
  const places = { app: name(), control: name() }
  const servers = [toApp(app), toPlatform(app)] as const
  await listen(servers[0], places.app)
  await listen(servers[1], places.control)
  const close = async () => {
    servers[0].close()
    servers[1].close()
    servers[1].closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, ...places, close }
}
