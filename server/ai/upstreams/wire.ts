import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** HTTP for the SDK by Node's own client: it has no time limits of its own, and a body can be read as it comes, piece by piece. */
export interface Wire {
  fetch: typeof fetch
  /** The body of an answer, whose `Response` itself holds none. Hold on to the response while reading: the SDK ends what is dropped. */
  bodyOf(response: Response): IncomingMessage
  close(): void
}

interface Sent {
  url: URL
  options: RequestOptions
  body: string | Uint8Array | undefined
}

/** Sends a request over a connection that is still open, or a new one. An idle one that was closed at this very moment is replaced. */
function send({ url, options, body }: Sent, again = true): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options)
    request.once('response', resolve)
    request.once('error', (error: NodeJS.ErrnoException) => {
      const stale = again && request.reusedSocket && error.code === 'ECONNRESET'
      if (stale) send({ url, options, body }, false).then(resolve, reject)
      else reject(error)
    })
    request.end(body)
  })
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) headers.append(message.rawHeaders[i] ?? '', message.rawHeaders[i + 1] ?? '')
  return headers
}

/** Opens a way to the Messages API whose connections stay open between requests. */
export function openWire(): Wire {
  const [http, https] = [new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true })]
  const bodies = new WeakMap<Response, IncomingMessage>()
  return {
    async fetch(input, init = {}) {
      const url = new URL(String(input))
      const agent = url.protocol === 'https:' ? https : http
      const headers = Object.fromEntries(new Headers(init.headers))
      const options = { method: init.method, agent, headers, signal: init.signal ?? undefined }
      const message = await send({ url, options, body: init.body as Sent['body'] })
      // Reading the body finds out what happens to it; without a listener an early break would end the process.
      message.on('error', () => undefined)
      const response = new Response(null, { status: message.statusCode, headers: headersOf(message) })
      bodies.set(response, message)
      return response
    },
    bodyOf(response) {
      const message = bodies.get(response)
      if (!message) throw new Error('this answer came another way')
      return message
    },
    close() {
      http.destroy()
      https.destroy()
    },
  }
}
