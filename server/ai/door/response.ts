import type { Redacted } from '../redaction/types.ts'
import { usageOfJson } from '../rules.ts'
import { interruptedFailure, type Usage } from '../schema.ts'
import { AnswerInterrupted } from './answers.ts'
import type { Entry } from './ledger.ts'
import type { Opened } from './opened.ts'
import { usageOfStream } from './usage.ts'

/** In the ledger, where whoever asked did not wait for the answer. */
export const cancelledFailure = 'cancelled'
/** A document is held as a whole, and of a stream an event that does not end; no answer of Claude's is as large. */
const mostAnswerBytes = 64 * 1024 * 1024

export interface Handling {
  redacted: Redacted
  entry: Entry
  signal: AbortSignal | undefined
}

/** Settles the row of an answer with what came of it. */
function settler({ status, headers }: Opened, { entry }: Handling) {
  const requestId = headers['request-id'] ?? null
  return (failure: string | null, usage: Usage) => entry.settle({ status, failure, requestId, usage })
}

/** Passes a stream on as it comes; its row is settled before its end is told, however it ends. */
function streamOf(opened: Opened, handling: Handling): ReadableStream<Uint8Array> {
  const { body } = opened
  const settle = settler(opened, handling)
  const meter = usageOfStream()
  let size = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await body.next()
        if (!done) {
          size += value.length
          if (size > mostAnswerBytes) throw await body.return(undefined).then(() => new Error('the answer is too large'))
          meter.see(value)
          return controller.enqueue(value)
        }
      } catch (error) {
        const aborted = handling.signal?.aborted === true
        await settle(aborted ? cancelledFailure : interruptedFailure, meter.usageOfCut())
        return controller.error(aborted ? handling.signal?.reason : new AnswerInterrupted(error))
      }
      await settle(null, meter.usage())
      controller.close()
    },
    async cancel() {
      await Promise.all([body.return(undefined), settle(cancelledFailure, meter.usageOfCut())])
    },
  })
}

async function documentOf({ body }: Opened): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostAnswerBytes) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Neither of them has a body, and `Response` insists on that. */
const isBodiless = (status: number) => status === 204 || status === 304

/**
 * The answer as the SDK expects it, with the secrets back in their places.
 * @throws where a document breaks off: none of it is given
 */
export async function responseOf(opened: Opened, handling: Handling): Promise<Response> {
  const { status, headers } = opened
  const { redacted } = handling
  if (headers['content-type']?.includes('text/event-stream') && !isBodiless(status)) {
    return new Response(streamOf(opened, handling).pipeThrough(redacted.restoreStream()), { status, headers })
  }
  const text = await documentOf(opened)
  await settler(opened, handling)(null, usageOfJson(text))
  return new Response(isBodiless(status) ? null : redacted.restoreText(text), { status, headers })
}
