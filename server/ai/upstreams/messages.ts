import Anthropic from '@anthropic-ai/sdk'
import type { Upstream } from './types.ts'

const timeoutMs = 10 * 60_000
const maxRetries = 4
/** Addresses nobody: the `fetch` that is handed over takes every request to the AI server. */
const baseURL = 'https://ai-server.invalid'

/**
 * The Messages API by its own SDK. It knows no key to Claude, and takes none from the environment; nor does it write requests to the console or hand
 * them to tracing where the environment asks for it.
 */
export const messages: Upstream = ({ fetch }) =>
  new Anthropic({
    baseURL,
    apiKey: 'sealed',
    authToken: null,
    fetch,
    maxRetries,
    timeout: timeoutMs,
    logLevel: 'off',
    openTelemetry: false,
  })
