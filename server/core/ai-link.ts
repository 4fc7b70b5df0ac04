import type { KeyObject } from 'node:crypto'

/** The AI server as the app knows it: the one part that calls Claude. */
export interface AiLink {
  /** Whether the rule-based stand-in answers there instead of Claude. */
  demo: boolean
  /** Where it listens now, without a trailing slash; a child that was restarted may listen elsewhere. */
  url(): string
  /**
   * Its public key for requests, checked against the thumbprint that is pinned.
   * @throws AppError UNAVAILABLE where it does not answer, or shows another key
   */
  serverKey(): Promise<{ kid: string; key: KeyObject }>
  /** The key that signs this app's requests (Ed25519); `kid` is its JWK thumbprint. */
  caller: { kid: string; key: KeyObject }
}
