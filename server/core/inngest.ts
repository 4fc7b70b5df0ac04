import { Inngest, type InngestFunction, Middleware, NonRetriableError, RetryAfterError } from 'inngest'
import { serve } from 'inngest/edge'
import { baseUrl, type Env } from './env.ts'
import { logger } from './logger.ts'
import { registry } from './registry.ts'

type Log = Pick<typeof logger, 'error' | 'warn' | 'info' | 'debug'>

/** The application id under which our functions are registered. */
export const inngestAppId = 'maestro'

/** What every event carries besides its name and what is its own; content never travels in events, only ids. */
interface Envelope {
  /** The event's id, by which Inngest knows a second one. */
  id: string
  /** The domain that speaks: `builds`, `projects`. */
  source: string
  /** RFC 3339, UTC. */
  time: string
  /** What belongs together: the build's id, or the request's. */
  correlationId: string
}

/** Whether functions run on the embedded executor: where neither a server nor keys are named. */
export const usesEmbeddedExecutor = (from: Env): boolean => !(from.INNGEST_BASE_URL || from.INNGEST_EVENT_KEY || from.INNGEST_SIGNING_KEY)

/** Answers in the place of an Inngest server. */
export type InngestTransport = (url: URL, init: RequestInit) => Promise<Response>

const connections = new WeakMap<Inngest.Any, { transport: InngestTransport | undefined }>()

/**
 * Makes the process's client, to be put into the registry. On the embedded executor nothing that it sends leaves the process:
 * it goes to whatever `connectInngest` has connected. With a real server every call is signed (cloud mode).
 * @param middleware what stands around every function and step; whoever tests an executor wants nothing there
 * @throws Error when only some of the variables of a real server are set.
 */
export function makeInngest(from: Env, log: Log = logger, middleware: Middleware.Class[] = [WithoutContent]): Inngest.Any {
  if (usesEmbeddedExecutor(from)) return makeEmbeddedClient(log, middleware)
  const { INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey, INNGEST_BASE_URL: baseUrl } = from
  if (!eventKey || !signingKey) throw new Error('A real Inngest server needs both INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY.')
  return new Inngest({ id: inngestAppId, isDev: false, eventKey, signingKey, ...(baseUrl ? { baseUrl } : {}), logger: log, middleware })
}

function makeEmbeddedClient(log: Log, middleware: Middleware.Class[]): Inngest.Any {
  const connection: { transport: InngestTransport | undefined } = { transport: undefined }
  const refusal = () => Response.json({ error: 'The executor does not run in this process.', status: 503 }, { status: 503 })
  const client = new Inngest({
    id: inngestAppId,
    isDev: true,
    baseUrl: 'http://executor.invalid',
    logger: log,
    middleware,
    // A call in process has no time limit of a host to fear, so the SDK need not break a long run into several calls.
    checkpointing: { maxRuntime: 0 },
    fetch: async (input, init = {}) => (connection.transport ? connection.transport(new URL(String(input)), init) : refusal()),
  })
  connections.set(client, connection)
  return client
}

/**
 * Lets `transport` answer all that an embedded client sends. Returns the function that ends this.
 * @throws Error for a client that talks to a real server.
 */
export function connectInngest(client: Inngest.Any, transport: InngestTransport): () => void {
  const connection = connections.get(client)
  if (!connection) throw new Error('Only a client of the embedded executor can be connected to it.')
  connection.transport = transport
  return () => {
    if (connection.transport === transport) connection.transport = undefined
  }
}

let door: { client: Inngest.Any; handler: (request: Request) => Promise<Response> } | undefined

/**
 * Answers a real Inngest server, which signs what it sends. On the embedded executor there is no door: functions are called
 * in process, so nobody from outside may call them.
 */
export async function answerInngest(request: Request, makeFunctions: (client: Inngest.Any) => InngestFunction.Any[]): Promise<Response> {
  if (registry('embeddedExecutor')) return new Response('Not found', { status: 404 })
  const client = inngest()
  if (door?.client !== client) {
    door = { client, handler: serve({ client, functions: makeFunctions(client), serveOrigin: baseUrl(), servePath: '/api/inngest' }) }
  }
  return door.handler(request)
}

/** The process's Inngest client; `jobs.ts` files and `sendEvent` use it. */
export const inngest = (): Inngest.Any => registry('inngest')

/** An error in our own words; what it came of stands in the log. */
class Broke extends Error {
  override readonly name = 'Broke'
}

/** The same error as far as it says whether and when to try again, in our own words. */
function retold(error: unknown, words: string): Error {
  if (error instanceof NonRetriableError) return new NonRetriableError(words)
  if (error instanceof RetryAfterError) return new RetryAfterError(words, error.retryAfter)
  return new Broke(words)
}

/** By name, not by class: what a step threw comes back from the executor as another error. */
const isOurs = (error: unknown) => error instanceof Error && ['Broke', 'StepError'].includes(error.name)

async function guarded<T>(kind: 'function' | 'step', id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (err) {
    if (isOurs(err)) throw err
    logger.error({ err, [kind]: id }, `a ${kind} of Inngest broke`)
    throw retold(err, `The ${kind} ${id} broke.`)
  }
}

/**
 * Does a step's work; what it throws is logged here and thrown on without its words, which may be content: whoever keeps the state of
 * runs keeps errors, too.
 */
export const withoutContent = <T>(step: string, work: () => Promise<T>): Promise<T> => guarded('step', step, work)

/** The same around every function and every step, also where its author forgot. Names of steps are ours; those of builds hold a stage's. */
class WithoutContent extends Middleware.BaseMiddleware {
  readonly id = 'without-content'

  override wrapFunctionHandler({ fn, next }: Middleware.WrapFunctionHandlerArgs): Promise<unknown> {
    return guarded('function', fn.id(), next)
  }

  override wrapStepHandler({ stepInfo, next }: Middleware.WrapStepHandlerArgs): Promise<unknown> {
    return guarded('step', stepInfo.options.name ?? stepInfo.options.id, next)
  }
}

/**
 * Sends one event in its envelope. The id makes it safe to send again: a second event with the same id starts nothing.
 * Names are dotted (`build.requested`); `data` holds ids and status only.
 */
export async function sendEvent(event: { name: string; data: Record<string, unknown> } & Omit<Envelope, 'time'>): Promise<void> {
  const { name, id, source, correlationId, data } = event
  const envelope: Envelope = { id, source, time: new Date(registry('clock').now()).toISOString(), correlationId }
  await inngest().send({ name, id, data: { ...data, ...envelope } })
}
