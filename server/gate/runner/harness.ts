import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { HarnessResponse } from './types.ts'

// Runs inside the sandbox beside the acceptance tests, bundled to `harness.mjs`. The app and the platform are reached through
// two Unix sockets, since the sandbox has no network.

const sockets = JSON.parse(readFileSync(new URL('./harness.json', import.meta.url), 'utf8')) as { app: string; control: string }
const requestTimeoutMs = 15_000
const controlTimeoutMs = 45_000

function parsed(text: string, type: string | undefined): unknown {
  if (!type?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function send(
  socketPath: string,
  timeout: number,
  method: string,
  path: string,
  payload?: string | Buffer,
  type?: string,
): Promise<HarnessResponse> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { host: 'app', accept: 'application/json, text/html;q=0.9' }
    if (payload !== undefined) {
      headers['content-length'] = Buffer.byteLength(payload)
      headers['content-type'] = type ?? 'application/json'
    }
    const request = httpRequest({ socketPath, method, path, headers, timeout }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text, response.headers['content-type']), text })
      })
    })
    request.on('timeout', () => request.destroy(new Error(`${method} ${path} was not answered within ${timeout / 1000} s`)))
    request.on('error', reject)
    request.end(payload)
  })
}

/** Sends one request to the app; a body that is no string is sent as JSON. Redirects are not followed. */
export function request(method: string, path: string, body?: unknown): Promise<HarnessResponse> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  // A path with spaces or other scripts is written as a person would; one that is already encoded stays as it is.
  return send(sockets.app, requestTimeoutMs, method, /[^!-~]/.test(path) ? encodeURI(path) : path, payload)
}

async function control(what: string): Promise<void> {
  const answer = await send(sockets.control, controlTimeoutMs, 'POST', `/${what}`)
  if (answer.status !== 200) throw new Error(`the platform could not ${what} the app: ${answer.text}`)
}

/** Restarts the app on the data it has. */
export const restart = (): Promise<void> => control('restart')

/** Restarts the app with no data. */
export const reset = (): Promise<void> => control('reset')
