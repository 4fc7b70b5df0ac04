/**
 * Runs inside the sandbox, as one plain file without dependencies: starts the app, and once it accepts connections on its PORT, listens
 * on a Unix socket and joins each connection to it. The sandbox has no network, so this socket is the app's only door.
 *
 * `node forwarder.js <socket> <port, 0 for a free one> <uid, - for this one> <command…>`; standard input carries `stop` or `drain`, and its end means that the
 * supervisor is gone: then everything here ends at once.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { constants } from 'node:os'

const drainMs = 5_000
const graceMs = 3_000
const pollMs = 15

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Resolves once something accepts connections on the port; the app's end ends the process, so this needs no time limit. */
async function accepting(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function join(client: Socket, port: number, live: Set<Socket>): void {
  live.add(client)
  const app = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.setNoDelay(true)
  app.setNoDelay(true)
  client.pipe(app)
  app.pipe(client)
  const end = () => {
    live.delete(client)
    client.destroy()
    app.destroy()
  }
  client.on('error', end).on('close', end)
  app.on('error', end).on('close', end)
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}

/** Ends the app: politely, then not. The child's exit ends this process. */
function stopApp(child: ChildProcess): void {
  killGroup(child, 'SIGTERM')
  setTimeout(() => killGroup(child, 'SIGKILL'), graceMs).unref()
}

function listenToSupervisor(child: ChildProcess, server: Server, live: Set<Socket>): void {
  const drain = () => {
    const timer = setTimeout(() => stopApp(child), drainMs)
    server.close(() => {
      clearTimeout(timer)
      stopApp(child)
    })
    if (!server.listening && live.size === 0) stopApp(child)
  }
  process.stdin.on('data', (bytes) => {
    if (String(bytes).includes('stop')) stopApp(child)
    else if (String(bytes).includes('drain')) drain()
  })
  process.stdin.on('end', () => {
    killGroup(child, 'SIGKILL')
    process.exit(1)
  })
  process.on('SIGTERM', () => stopApp(child))
}

async function main([socketPath = '', port = '0', uid = '-', command = '', ...args]: string[]): Promise<void> {
  const appPort = Number(port) || (await freePort())
  // A group of its own, so that a signal reaches what the app itself started.
  const user = uid === '-' ? {} : { uid: Number(uid), gid: Number(uid) }
  const child = spawn('env', [`PORT=${appPort}`, command, ...args], { ...user, detached: true, stdio: ['ignore', 'inherit', 'inherit'] })
  const live = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => join(client, appPort, live))
  child.on('error', (error) => {
    process.stderr.write(`the app could not be started: ${error.message}\n`)
    process.exit(127)
  })
  child.on('exit', (code, signal) => {
    rmSync(socketPath, { force: true })
    killGroup(child, 'SIGKILL')
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0))
  })
  listenToSupervisor(child, server, live)
  await accepting(appPort)
  rmSync(socketPath, { force: true })
  server.listen(socketPath, () => chmodSync(socketPath, 0o600))
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`the forwarder failed: ${error.message}\n`)
  process.exit(1)
})
