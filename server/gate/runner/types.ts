/** An event of node's test runner, as far as the report needs it. */
export interface RunnerEvent {
  type: string
  data: {
    name: string
    nesting: number
    file?: string
    skip?: unknown
    todo?: unknown
    details?: { duration_ms?: number; type?: string; error?: { message?: string; cause?: unknown } }
  }
}

/** What a request through the harness answers. */
export interface HarnessResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Parsed JSON where the answer is JSON, else the text. */
  body: unknown
  text: string
}
