import pino from 'pino'
import { env } from './env.ts'

/** Structured logs on standard output. Tokens, keys, cookies and bodies never belong in a line; these paths are a net below that. */
export const logger = pino({
  level: env().MAESTRO_LOG_LEVEL,
  redact: ['*.authorization', '*.cookie', '*.apiKey', '*.password', '*.token', 'headers', '*.headers'],
})
