import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import next from 'next'
import { operatorActor, removeExpiredSessions } from './accounts/service.ts'
import { askHealth } from './ai/door/link.ts'
import { removeOldCalls, settleInterrupted } from './ai/service.ts'
import { removeOldEntries } from './audit/service.ts'
import { sweepApplications } from './beta/service.ts'
import { sweepBuilds } from './builds/service.ts'
import { callerFor, stillTrue } from './caller.ts'
import { sweepChats, sweepWaitingApprovals } from './chats/service.ts'
import { systemClock } from './core/clock.ts'
import { type Closing, closeAll, every } from './core/closing.ts'
import { buildVersion, openControl } from './core/control.ts'
import { openDatabase } from './core/db.ts'
import { drawnPages } from './core/drawn-pages.ts'
import { baseUrl, type Env, env, publishAuthUrl, publishNextConfig, servicesDomain } from './core/env.ts'
import { isAppError } from './core/errors.ts'
import { approachOf, type Doors, makeFront } from './core/front.ts'
import { hostRules, ownOrigins, refusal } from './core/http.ts'
import { openPostgresHub } from './core/hub-postgres.ts'
import { makeInngest, usesEmbeddedExecutor } from './core/inngest.ts'
import { boundOutput, checkDataDir } from './core/launch.ts'
import { removeExpiredLimits } from './core/limits.ts'
import { makeLive } from './core/live.ts'
import { logger } from './core/logger.ts'
import { giveBackAfterStart } from './core/memory.ts'
import { migrate } from './core/migrations.ts'
import { projectRoot } from './core/paths.ts'
import { register, registry } from './core/registry.ts'
import { makeSocketServer, socketPath } from './core/sockets.ts'
import { serviceProxy } from './deployments/proxy/proxy.ts'
import { adoptServices, probeServices, upstreamFor } from './deployments/service.ts'
import type { Executor } from './embedded/executor/executor.ts'
import { fileObjectStore } from './embedded/objects/files.ts'
import { sweepFeedback } from './feedback/service.ts'
import { sweepFiles } from './files/service.ts'
import { makeFunctions } from './functions.ts'
import { sweepInvitations } from './members/service.ts'
import { sweepDocuments } from './memory/service.ts'
import { closeMail, sweepMails } from './notifications/service.ts'
import { removeGivenUpProjects } from './offboarding/service.ts'
import { discardOldBuilds } from './retention/service.ts'
import { operatorAct, operatorCall, sweepRounds } from './rotation/service.ts'
import { attachSockets } from './sockets.ts'
import { aiServer, database, identity, mail, standsIn } from './stand-ins.ts'
import { flushWriters } from './streams/service.ts'
import { endTerminals, previewUpstream, sweepSockets, watchOthers } from './terminals/service.ts'
import { removeExpiredTokens } from './tokens/service.ts'
import { loadPlatformSecret, masterKeyNotice, openMasterKeys, rewrapKeys } from './vault/service.ts'
import { expireOldApprovals, removeOldStreams, startRunner, sweepGateways } from './workspace/service.ts'

const secondMs = 1_000
const drainMs = 5_000

/** Sentences for whoever started the server. */
const notices: string[] = []
const print = (words: string) => process.stdout.write(`${words}\n`)

/** Asks a dependency at most twice a minute, whoever wants to know. */
function seldom(check: () => Promise<void>): () => Promise<void> {
  let last = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve() }
  return () => {
    if (systemClock.now() - last.at > 30 * secondMs) last = { at: systemClock.now(), answer: check() }
    return last.answer
  }
}

/** Starts the embedded executor; a real server is only asked how it is. */
async function executor(from: Env, closing: Closing): Promise<Executor | null> {
  const { inngest, pool, clock } = { inngest: registry('inngest'), pool: registry('pool'), clock: registry('clock') }
  let state: 'starting' | 'working' | 'ending' = 'starting'
  const askEmbedded = async () => {
    if (state !== 'working') throw new Error(`the executor is ${state}`)
  }
  const askReal = async () => {
    const answer = await fetch(`${from.INNGEST_BASE_URL ?? 'https://api.inngest.com'}/health`, {
      signal: AbortSignal.timeout(2 * secondMs),
    })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
  }
  const embedded = registry('embeddedExecutor')
  register({ checks: { ...registry('checks'), executor: embedded ? askEmbedded : seldom(askReal) } })
  if (!embedded) return null
  const { startExecutor } = await import('./embedded/executor/executor.ts')
  const running = await startExecutor({ pool, clock, inngest, functions: makeFunctions(inngest), log: logger })
  state = 'working'
  closing.push(() => {
    state = 'ending'
    return running.stop(drainMs)
  })
  return running
}

/** A vault may be away, and its token run out: whoever asks how this server is hears of the first, the second is kept from happening. */
function keepKeysInReach(closing: Closing): void {
  const masters = registry('masterKeys')
  if (masters.kind !== 'vault') return
  const ask = async () => {
    await masters.current().catch((error: Error) => {
      throw new Error(error.message)
    })
  }
  register({ checks: { ...registry('checks'), vault: seldom(ask) } })
  every(1800 * secondMs, 'renewing the token of the vault', masters.keepAlive, closing)
}

/** Without the master key nothing opens: whoever starts the server is told what helps. */
function withWayOut(error: Error): never {
  if (!isAppError(error) || error.key !== 'masterKeyOther') throw error
  throw new Error(`${error.message} Put it back where it was, or restore a backup: npm run maestro -- keys restore --from <file>`, {
    cause: error,
  })
}

/** Everything the registry holds; what needs the database comes after its migrations. */
async function fillRegistry(from: Env, closing: Closing): Promise<void> {
  register({ clock: systemClock, live: makeLive(), embeddedExecutor: usesEmbeddedExecutor(from), inngest: makeInngest(from) })
  register({ objects: fileObjectStore(join(from.MAESTRO_DATA_DIR, 'objects')), checks: { model: () => askHealth(registry('ai')) } })
  // Before anything else is started: what is started afterwards finds no key to Claude in its environment.
  const linked = aiServer(from, closing, notices)
  const opened = [openMasterKeys(from), database(from, closing, notices), identity(from, closing)] as const
  const [ai, masterKeys, url, known] = await Promise.all([linked, ...opened])
  register({ ai, masterKeys, identity: known })
  keepKeysInReach(closing)
  await migrate(url, projectRoot())
  const { pool, db } = openDatabase(url)
  closing.push(() => db.$disconnect().then(() => pool.end()))
  const hub = await openPostgresHub(url)
  closing.push(() => hub.close())
  register({ pool, db, hub })
  const [post, platformSecret, notice] = await Promise.all([mail(from, closing), loadPlatformSecret().catch(withWayOut), masterKeyNotice()])
  register({ ...post, platformSecret })
  if (notice) notices.push(notice)
  closing.push(flushWriters, closeMail)
}

async function builtConfig(): Promise<unknown> {
  const file = join(projectRoot(), '.next', 'required-server-files.json')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error('The pages are not built yet: run npm run build first.')
  })
  return JSON.parse(text).config
}

/** Next behind the front. Its own upgrades are those of the development server alone. */
async function pages(from: Env) {
  const dev = from.NODE_ENV === 'development'
  if (!dev) publishNextConfig(await builtConfig())
  // Next would listen to the upgrades of whichever server a request came through, and end those of services; this one has none.
  const httpServer = createServer()
  const app = next({ dev, dir: projectRoot(), hostname: 'localhost', port: from.PORT, quiet: !dev, httpServer })
  await app.prepare()
  return { handle: app.getRequestHandler(), upgrade: dev ? app.getUpgradeHandler() : null, close: () => app.close() }
}

function maestroDoor(site: Awaited<ReturnType<typeof pages>>, closing: Closing): Doors['maestro'] {
  // The sockets get a server that does not listen: only what the front lets through reaches them.
  const door = createServer()
  const sockets = makeSocketServer(door)
  attachSockets(sockets)
  register({ sockets })
  closing.push(() => sockets.close())
  // The development server's pages change under its hands.
  const page = site.upgrade
    ? site.handle
    : drawnPages({ handle: (request, response) => void site.handle(request, response), stillTrue, clock: systemClock })
  const isSocket = (request: IncomingMessage) => request.url?.startsWith(socketPath) ?? false
  return {
    request: (request: IncomingMessage, response: ServerResponse) => {
      if (isSocket(request)) door.emit('request', request, response)
      else void page(request, response)
    },
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (isSocket(request)) door.emit('upgrade', request, socket, head)
      else if (site.upgrade) void site.upgrade(request, socket, head)
      else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    },
  }
}

/** What earlier lives of this server left, and what has to be looked at again and again. */
async function sweeps(running: Executor | null, closing: Closing): Promise<void> {
  const chores: (() => Promise<unknown>)[] = [
    ...[removeExpiredSessions, removeExpiredLimits, removeExpiredTokens, removeGivenUpProjects, removeOldEntries, removeOldCalls],
    ...[settleInterrupted, discardOldBuilds, sweepInvitations, sweepMails, sweepFeedback, sweepApplications, sweepRounds, sweepDocuments],
    ...[removeOldStreams, expireOldApprovals],
  ]
  const tidy = async () => {
    // One that breaks, each time perhaps, keeps none of the others from being done.
    for (const chore of chores) {
      try {
        await chore()
      } catch (err) {
        logger.error({ err, chore: chore.name }, 'discarding what is old failed')
      }
    }
  }
  every(5 * secondMs, 'probing the services', probeServices, closing)
  every(300 * secondMs, 'settling conversations', sweepChats, closing)
  every(60 * secondMs, 'writing to whom agents wait for', sweepWaitingApprovals, closing)
  every(3600 * secondMs, 'discarding what is old', tidy, closing)
  every(3600 * secondMs, 'wrapping keys with the current master key', rewrapKeys, closing)
  every(60 * secondMs, 'bounding the log', () => boundOutput(), closing)
  const results = await Promise.allSettled([
    sweepSockets(),
    sweepGateways(),
    adoptServices(),
    sweepBuilds(running?.goesOn),
    sweepFiles(),
    tidy(),
    rewrapKeys(),
  ])
  for (const result of results) if (result.status === 'rejected') logger.error({ err: result.reason }, 'a sweep at start failed')
}

/** Runs a procedure as the operator: whoever can open the control socket owns the data directory. */
async function call(path: string, input: unknown): Promise<unknown> {
  try {
    const operator = await operatorActor()
    const own = operatorCall(path, operatorAct(operator), input)
    if (own) return await own
    const caller = callerFor(operator)
    const procedure = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller)
    return await (procedure as (input: unknown) => Promise<unknown>)(input)
  } catch (err) {
    if (!isAppError(err) && !isAppError((err as Error).cause)) logger.error({ err, path }, 'a call of the command line failed')
    throw err
  }
}

/** A watcher of sources would wait for the next change: where the server is ended for good, it goes with it. */
function endWatcher(): void {
  if (process.connected) process.kill(process.ppid, 'SIGTERM')
}

async function main(closing: Closing): Promise<void> {
  const from = env()
  const refused = refusal(from, baseUrl(from), servicesDomain(from), standsIn(from))
  if (refused) throw new Error(refused)
  checkDataDir(from.MAESTRO_DATA_DIR)
  publishAuthUrl(from)
  const front = makeFront(approachOf(from))
  let stopping = false
  const stop = () => {
    // Whoever asks twice means it.
    if (stopping) process.exit(1)
    stopping = true
    front.server.close()
    void closeAll(closing).then(() => process.exit(0))
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  let ready = false
  const version = buildVersion()
  const status = () => ({ pid: process.pid, url: baseUrl(from), ready, version, notices })
  const stopForGood = () => {
    if (from.NODE_ENV === 'development') process.once('exit', endWatcher)
    stop()
  }
  const control = await openControl(from.MAESTRO_DATA_DIR, { status, stop: stopForGood, call }).catch((error: NodeJS.ErrnoException) => {
    const other = `Another Maestro server already runs on the data directory ${from.MAESTRO_DATA_DIR}: end it with npm run stop.`
    throw error.code === 'EADDRINUSE' ? new Error(other) : error
  })
  closing.push(() => {
    control.closeAllConnections()
    return new Promise((resolve) => control.close(resolve))
  })
  // At once, so that a port in use is known before anything was started; requests wait until the doors are open.
  await front.listen(from.PORT, from.HOST)
  const [site] = await Promise.all([pages(from), fillRegistry(from, closing)])
  closing.push(site.close)
  const running = await executor(from, closing)
  closing.push(() => front.close(drainMs))
  const protocol = baseUrl(from).startsWith('https:') ? 'https' : 'http'
  const found = async (slug: string) => previewUpstream(slug) ?? upstreamFor(slug)
  const service = serviceProxy({ upstreamFor: found, clock: systemClock, protocol })
  const rules = hostRules(baseUrl(from), servicesDomain(from))
  front.open({ rules, origins: ownOrigins(baseUrl(from)), maestro: maestroDoor(site, closing), service })
  closing.push(watchOthers(), endTerminals)
  const runner = startRunner({ successor: true })
  closing.push(() => runner.stop())
  ready = true
  for (const notice of notices) print(notice)
  print(`Maestro is ready at ${baseUrl(from)} (${(performance.now() / secondMs).toFixed(1)} s)`)
  await sweeps(running, closing)
  giveBackAfterStart(closing)
}

process.on('unhandledRejection', (err) => logger.error({ err }, 'a rejection that nobody handled'))
const closing: Closing = []
main(closing).catch(async (error: Error) => {
  await closeAll(closing)
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
