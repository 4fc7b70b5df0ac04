import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { sealedAnswerType, sealedPath, sealedRequestType } from '../envelope/types.ts'

// Connections stay open between requests: a new one would cost a first token its round trips.
const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) }

/**
 * Posts a sealed request. An idle connection that was closed at this very moment is replaced: should the request have been taken after all, the
 * AI server knows its nonce and refuses it.
 * @throws the system's error where the AI server is not reached, and an AbortError where the signal fires
 */
export function post(base: string, jwe: Buffer, signal: AbortSignal | undefined, again = true): Promise<IncomingMessage> {
  const url = new URL(`${base}${sealedPath}`)
  const secure = url.protocol === 'https:'
  const headers = { 'content-type': sealedRequestType, 'content-length': jwe.length, accept: sealedAnswerType }
  const options = { method: 'POST', headers, agent: agents[secure ? 'https:' : 'http:'], signal }
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, (answer) => {
      // Whoever reads the answer finds out what happens to it; without a listener an early break would end the process.
      answer.on('error', () => undefined)
      resolve(answer)
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      const stale = again && request.reusedSocket && error.code === 'ECONNRESET'
      if (stale) post(base, jwe, signal, false).then(resolve, reject)
      else reject(error)
    })
    request.end(jwe)
  })
}

/** The whole of a small answer. @throws where it breaks off or is larger than `most` */
export async function textOf(answer: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
