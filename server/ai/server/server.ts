import type { IncomingMessage, ServerResponse } from 'node:http'
import { openRequest } from '../envelope/request.ts'
import { EnvelopeRefusal, keysPath, maxSkewMs, sealedPath, sealedRequestType } from '../envelope/types.ts'
import { openClaude } from '../upstreams/claude.ts'
import { type Answered, answerSealed } from './answering.ts'
import { makeBodyReader } from './body.ts'
import { isLocal, listenOn } from './listening.ts'
import { openNonces } from './nonces.ts'
import { refuse } from './refusals.ts'
import { openTally } from './tally.ts'
import { makeTurnstile } from './turnstile.ts'
import type { AiServer, AiServerOptions, Bounds } from './types.ts'

const usualBounds: Bounds = {
  nonces: 200_000,
  tallies: 20_000,
  opening: 8,
  waiting: 256,
  heldBytes: 256 * 1024 * 1024,
  retries: 6,
  waitingMs: 5 * 60_000,
}
const probeEveryMs = 30_000

const sendJson = (response: ServerResponse, status: number, body: unknown) => {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' }
  response.writeHead(status, headers).end(text)
}

/** Fires when the caller is gone before it has its answer. */
function hangUpOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => response.writableFinished || gone.abort(new Error('the caller hung up')))
  return gone.signal
}

/** Asks a question at most once in a while; everybody gets the last answer. */
function seldom(ask: () => Promise<boolean>, now: () => number): () => Promise<boolean> {
  let last: { at: number; answer: Promise<boolean> } | null = null
  return async () => {
    if (!last || now() - last.at > probeEveryMs) last = { at: now(), answer: ask() }
    const answer = await last.answer
    // Whoever is unwell is asked again soon.
    if (!answer) last = null
    return answer
  }
}

/** All that stands between a request's first byte and its call of Claude. */
function makeGate({ keys, callers, clock, listen }: AiServerOptions, bounds: Bounds) {
  const bodies = makeBodyReader(bounds.heldBytes)
  const turnstile = makeTurnstile(bounds.opening, bounds.waiting)
  const nonces = openNonces(bounds.nonces)
  const privateKeys = new Map(keys.map(({ kid, key }) => [kid, key]))
  // Nonces from before the start are not remembered, so nothing from before it is taken. A caller on another machine may be ahead in time.
  const since = clock.now() + (isLocal(listen.host) ? 0 : maxSkewMs)

  async function open(request: IncomingMessage, signal: AbortSignal) {
    if (request.headers['content-type'] !== sealedRequestType) throw new EnvelopeRefusal('not-sealed')
    const { bytes, done } = await bodies.read(request)
    try {
      const known = await callers()
      const opened = await turnstile(() => openRequest(bytes, { keys: privateKeys, callers: known, now: clock.now() }), signal)
      return { ...opened, size: bytes.length }
    } finally {
      done()
    }
  }

  return async (request: IncomingMessage, signal: AbortSignal) => {
    const opened = await open(request, signal)
    const { iss, jti, iat } = opened.claims
    const now = clock.now()
    if (iat < since) throw new EnvelopeRefusal('before-start', Math.max(1, since - now))
    const taken = nonces.take(`${iss} ${jti}`, now)
    if (taken.as === 'seen') throw new EnvelopeRefusal('replayed')
    if (taken.as === 'no-room') throw new EnvelopeRefusal('too-many', taken.retryAfterMs)
    return opened
  }
}

/** Takes sealed requests, one after another and many at a time. What it logs are ids, sizes, times and codes. */
function makeTaker(options: AiServerOptions, bounds: Bounds, claude: ReturnType<typeof openClaude>) {
  const { clock, log } = options
  const gate = makeGate(options, bounds)
  const tally = openTally(bounds.tallies)

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [signal, startedAt] = [hangUpOf(response), clock.now()]
    const { claims, request: inner, size } = await gate(request, signal)
    const lease = tally.admit(claims, clock.now())
    const spent = (answered: Answered) => {
      lease.spent(answered.micros)
      const ids = { jti: claims.jti, project: claims.project, caller: claims.iss }
      log.info({ ...ids, size, ...answered, cut: signal.aborted, ms: clock.now() - startedAt }, 'a request was answered')
    }
    try {
      await answerSealed(claude, { claims, request: inner }, { response, signal, spent })
    } finally {
      lease.end()
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await take(request, response)
    } catch (error) {
      if (error instanceof EnvelopeRefusal && !response.headersSent) {
        log.info({ code: error.code }, 'a request was refused')
        return refuse(response, error, !request.complete)
      }
      // Nothing of the error is told or logged but its code: its words could be the caller's.
      const { name, code } = error as NodeJS.ErrnoException
      if (!response.destroyed) log.warn({ name, code }, 'an answer broke off')
      response.destroy()
    }
  }
}

/**
 * Starts the AI server: it opens sealed requests, asks Claude, and seals the answers.
 * @throws Error in one sentence where it may not listen as it is told to
 */
export async function startAiServer(options: AiServerOptions): Promise<AiServer> {
  const { upstream, keys, clock, log, listen } = options
  const [first] = keys
  if (!first) throw new Error('The AI server has no key.')
  const bounds = { ...usualBounds, ...options.bounds }
  const claude = openClaude({ ...upstream, clock, retries: bounds.retries, waitingMs: bounds.waitingMs })
  const take = makeTaker(options, bounds, claude)
  const reachable = async () => {
    const { ok, status } = await claude.probe().catch(() => ({ ok: false, status: 0 }))
    if (!ok) log.warn({ status }, 'the Messages API is not reached, or does not take the key')
    return ok
  }
  const isWell = seldom(reachable, clock.now)
  const server = await listenOn(listen, (request, response) => {
    const route = `${request.method} ${request.url}`
    if (route === `POST ${sealedPath}`) void take(request, response)
    else if (route === `GET ${keysPath}`) sendJson(response, 200, { keys: keys.map(({ jwk }) => jwk) })
    else if (route === 'GET /health') void isWell().then((well) => sendJson(response, well ? 200 : 503, {}))
    else sendJson(response, 404, {})
  })
  return {
    url: server.url,
    kid: first.kid,
    jwk: first.jwk,
    async stop(drainMs = 0) {
      await server.stop(drainMs)
      claude.close()
    },
  }
}
