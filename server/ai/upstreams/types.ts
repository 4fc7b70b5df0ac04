import type Anthropic from '@anthropic-ai/sdk'

/** The SDK's own client; tool loops take it as an argument. */
export type ModelClient = Anthropic

/** Makes a client whose every request goes through `fetch`. */
export type Upstream = (options: { baseUrl: string; apiKey: string; fetch: typeof fetch }) => ModelClient
