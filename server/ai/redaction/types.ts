import type { Redaction } from '../schema.ts'

/** A stretch of a text that holds a secret: `[start, end)`. */
export interface Finding {
  start: number
  end: number
  /** What kind of secret: the name of the rule that found it, as the ledger shows it; empty where it is a part of one that is counted already. */
  rule: string
  /** Whether the same text is a secret wherever else it stands: it is long and random enough to mean nothing else. */
  strong: boolean
}

/** Looks through one stretch of text; `report` is called once for each secret. */
export type Rule = (text: string, report: (finding: Finding) => void) => void

/** A request to the Messages API that may leave, and the way back for its answer. */
export interface Redacted {
  /** The request's JSON with placeholders where secrets stood and without what lies on denied paths. */
  body: string
  /** Secrets that were replaced, by kind; each is counted once, however often it stands in the request. */
  redactions: Redaction[]
  /** The paths whose content was left out, sorted. */
  withheld: string[]
  /** Puts the secrets back into a JSON answer. */
  restoreText(json: string): string
  /** Puts the secrets back into an answer that comes as an event stream. */
  restoreStream(): TransformStream<Uint8Array, Uint8Array>
}
