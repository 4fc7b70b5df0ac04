import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { frameReader } from '@/server/ai/envelope/frames.ts'
import { type AskedClaims, type SealedRequest, sealRequest } from '@/server/ai/envelope/request.ts'
import { type Frame, type InnerRequest, sealedPath, sealedRequestType } from '@/server/ai/envelope/types.ts'
import type { AiLink } from '@/server/core/ai-link.ts'

/** What a sealed request got: frames, or a refusal. */
export interface SealedAnswer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  frames: Frame[]
  /** The joined data of the frames. */
  text: string
  /** What a refusal says. */
  refusal: { code: string; retryAfterMs?: number } | null
  /** Whether the end has come. */
  whole: boolean
}

export const question: InnerRequest = {
  path: '/v1/messages',
  headers: { 'anthropic-version': '2023-06-01' },
  body: JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] }),
}

/** Claims that nothing bounds; each test has a project of its own. */
export const freeClaims = (over: Partial<AskedClaims> = {}): AskedClaims => ({
  project: randomUUID(),
  purpose: 'test',
  budget: null,
  limits: { concurrent: 1_000, perMinute: 10_000 },
  ...over,
})

/** Seals as the app does. */
export async function sealFor(
  ai: AiLink,
  over: { claims?: AskedClaims; request?: InnerRequest; now?: number } = {},
): Promise<SealedRequest> {
  const { claims = freeClaims(), request = question } = over
  const server = await ai.serverKey()
  return sealRequest({ caller: ai.caller, server, now: over.now ?? Date.now(), claims, request })
}

/** Posts bytes to the AI server; the frames are opened where `sealed` says how. With `pause` the answer is never read. */
export function post(
  url: string,
  body: Uint8Array | string,
  options: { sealed?: SealedRequest; type?: string; signal?: AbortSignal; onFrame?: (frame: Frame) => void; pause?: boolean } = {},
): Promise<SealedAnswer> {
  const { sealed, type = sealedRequestType, signal, onFrame, pause } = options
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
    const call = httpRequest(`${url}${sealedPath}`, { method: 'POST', headers, agent: false, signal }, (answer) => {
      const reader = sealed && answer.statusCode === 200 ? frameReader(sealed.claims.reply, sealed.claims.jti) : null
      const frames: Frame[] = []
      let plain = ''
      if (pause) return
      answer.on('data', (chunk: Buffer) => {
        if (!reader) plain += chunk
        else
          for (const frame of reader.push(chunk)) {
            frames.push(frame)
            onFrame?.(frame)
          }
      })
      const over = () => {
        const text = Buffer.concat(frames.map((frame) => (frame.kind === 'data' ? frame.bytes : Buffer.alloc(0)))).toString()
        const refusal = plain.startsWith('{"error"') ? JSON.parse(plain).error : null
        const whole = frames.at(-1)?.kind === 'end'
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, frames, text, refusal, whole })
      }
      answer.on('end', over).on('error', over)
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** Seals, posts and opens. */
export async function ask(
  ai: AiLink,
  over: Parameters<typeof sealFor>[1] & Omit<NonNullable<Parameters<typeof post>[2]>, 'sealed' | 'type'> = {},
): Promise<SealedAnswer> {
  const sealed = await sealFor(ai, over)
  return post(ai.url(), sealed.jwe, { sealed, ...over })
}
