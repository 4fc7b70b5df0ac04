import { createServer, type Server } from 'node:http'
import { listenOn, readJson, sendJson } from '@/server/core/unix-http.ts'
import type { Keeper } from './keeper.ts'

/**
 * Opens the supervisor's control socket: `GET /status`, `POST /stop`, `POST /drain`, `POST /restart {"emptyData": false}`. The folder and
 * the socket are their owner's alone; that is the authentication.
 * @throws Error EADDRINUSE where another supervisor lives on the same socket
 */
export async function openControl(path: string, keeperOf: () => Keeper): Promise<Server> {
  const server = createServer(async (request, response) => {
    try {
      const keeper = keeperOf()
      const route = `${request.method} ${request.url}`
      if (route === 'GET /status') return sendJson(response, 200, keeper.status())
      if (route === 'POST /restart') {
        const body = (await readJson(request)) as { emptyData?: boolean }
        await keeper.restart({ emptyData: body.emptyData === true })
        return sendJson(response, 200, keeper.status())
      }
      if (route === 'POST /stop' || route === 'POST /drain') {
        await keeper.end(route === 'POST /stop' ? 'stop' : 'drain')
        return sendJson(response, 200, keeper.status())
      }
      sendJson(response, 404, { error: { message: 'There is no such call.' } })
    } catch (error) {
      sendJson(response, 400, { error: { message: (error as Error).message } })
    }
  })
  await listenOn(server, path)
  return server
}
