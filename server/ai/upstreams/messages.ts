import Anthropic from '@anthropic-ai/sdk'
import type { Upstream } from './types.ts'

const timeoutMs = 10 * 60_000

/** The Messages API by its own SDK, which retries 429 and 529 with the wait the server asks for. */
export const messages: Upstream = ({ baseUrl, apiKey, fetch }) =>
  new Anthropic({ baseURL: baseUrl, apiKey, fetch, maxRetries: 4, timeout: timeoutMs })
