import type Anthropic from '@anthropic-ai/sdk'
import type { InnerRequest } from '../envelope/types.ts'

/** The SDK's own client; tool loops take it as an argument. */
export type ModelClient = Anthropic

/** Makes a client whose every request goes through `fetch`. */
export type Upstream = (options: { fetch: typeof fetch }) => ModelClient

/** An answer of the Messages API as it came; `bytes` throws where it breaks off. */
export interface ClaudeAnswer {
  status: number
  headers: Record<string, string>
  bytes: AsyncIterable<Buffer>
}

/** Told before each wait for a model that is busy; an API that is not reached counts as 502. */
export type Waiting = (state: { status: number; waitMs: number; attempt: number }) => Promise<void> | void

/** The Messages API, as the AI server asks it. */
export interface Claude {
  /** @throws the signal's reason where it fires; EnvelopeRefusal `malformed` where the headers cannot be sent */
  ask(request: InnerRequest, signal: AbortSignal, tell: Waiting): Promise<ClaudeAnswer>
  /** How it answers a question that costs nothing. @throws where it does not answer at all */
  probe(): Promise<{ ok: boolean; status: number }>
  close(): void
}
