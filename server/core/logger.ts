import pino, { type DestinationStream } from 'pino'
import { env } from './env.ts'
import { scrubFields, scrubText } from './scrub.ts'

/**
 * Structured logs. Tokens, keys, cookies and what people wrote never belong in a line; what comes here all the same, in an error above all, is taken
 * out by its name or by its looks.
 */
export const makeLogger = (level: string, destination?: DestinationStream) =>
  pino(
    {
      level,
      // Errors are made plain first, so that what hangs on them is looked through too.
      serializers: { err: (err: unknown) => scrubFields(pino.stdSerializers.err(err as Error)) },
      formatters: { log: ({ err, ...fields }) => ({ ...(scrubFields(fields) as object), ...(err !== undefined && { err }) }) },
      hooks: { streamWrite: scrubText },
    },
    destination ?? pino.destination(1),
  )

/** The process's log, on standard output. */
export const logger = makeLogger(env().MAESTRO_LOG_LEVEL)
