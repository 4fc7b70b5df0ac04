import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answersOn, listenOn, readJson, sendJson, unixRequest } from './unix-http.ts'

let dir: string
let path: string
let servers: Server[]
const server = () => {
  const made = createServer(async (request, response) => sendJson(response, 200, { echo: await readJson(request), url: request.url }))
  servers.push(made)
  return made
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maestro-unix-'))
  path = join(dir, 'a.sock')
  servers = []
})
afterEach(async () => {
  for (const made of servers) made.close()
  await rm(dir, { recursive: true, force: true })
})

test('asks and answers, for the owner alone', async () => {
  await listenOn(server(), path)
  expect(JSON.parse((await unixRequest({ socketPath: path, method: 'POST', path: '/x', body: { a: 1 } })).text)).toEqual({
    echo: { a: 1 },
    url: '/x',
  })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(dir)).toEqual(['a.sock'])
})

test('of many that listen at once on the socket of a dead process, one gets it', async () => {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  await once(spawn(process.execPath, ['-e', script]), 'exit')
  expect(existsSync(path)).toBe(true)
  const results = await Promise.allSettled(Array.from({ length: 2 }, () => listenOn(server(), path)))
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
  await listenOn(server(), path).catch((error) => expect(error.code).toBe('EADDRINUSE'))
  expect(await answersOn(path)).toBe(true)
})

test('a socket in use is refused, and free again once it is closed', async () => {
  const first = server()
  await listenOn(first, path)
  await expect(listenOn(server(), path)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  first.close()
  await once(first, 'close')
  await listenOn(server(), path)
})

test('a link in the place of a socket leads nowhere', async () => {
  await listenOn(server(), path)
  const link = join(dir, 'link.sock')
  await symlink('a.sock', link)
  await expect(unixRequest({ socketPath: link, path: '/x' })).rejects.toThrow()
  await symlink(dir, join(dir, 'folder'))
  await expect(unixRequest({ socketPath: join(dir, 'folder'), path: '/x' })).rejects.toThrow()
  await expect(unixRequest({ socketPath: join(dir, 'none.sock'), path: '/x' })).rejects.toMatchObject({ code: 'ENOENT' })
})
