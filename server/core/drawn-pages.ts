import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Clock } from './clock.ts'
import type { HeadersLike } from './credentials.ts'
import { nonceHeader } from './csp.ts'
import { type Drawing, drawingHeader, newDrawing } from './drawing.ts'
import { type Overheard, overhear } from './overhear.ts'
import { register } from './registry.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** A page as it was drawn. */
interface Page {
  drawing: Drawing
  headers: OutgoingHttpHeaders
  /** The nonce it was drawn with, which no other answer may have; its text is cut there. */
  nonce: string
  parts: Buffer[]
  bytes: number
  at: number
}

interface Options {
  /** Draws pages, and answers everything else. */
  handle: Handle
  /** Whether whoever sends these headers would get the same answers to all that a page was drawn from. */
  stillTrue(drawing: Drawing, headers: HeadersLike): Promise<boolean>
  clock: Clock
}

/** Words such as "2 minutes ago" are drawn from no answer, so no page is kept for longer. */
const keptMs = 30_000
const shelfBytes = 32 * 1024 * 1024
const pageBytes = 1024 * 1024
/** Pages that are sent without scripts: nothing on them needs one. */
const still = new Set(['/'])

const unzip = promisify(gunzip)
const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(', ') : value)
const headersOf = (request: IncomingMessage): HeadersLike => ({ get: (name) => single(request.headers[name.toLowerCase()]) ?? null })

/** Whether a browser asks for a whole page, and not for a file, a call, or the part of a page that it lacks. */
function asksForPage({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'GET' || headers.rsc !== undefined || !/text\/html|\*\/\*/.test(headers.accept ?? '*/*')) return false
  return !/^\/(api|_next)\/|^[^?]*\.\w+(\?|$)/.test(url)
}

/** All of a request that can change a page, apart from what its procedures answer. As a hash, because a session's secret is part of it. */
function keyOf({ url, headers }: IncomingMessage): string {
  const { host, cookie, authorization, 'accept-language': language, 'user-agent': agent } = headers
  return createHash('sha256')
    .update(JSON.stringify([url, host, cookie, authorization, language, agent]))
    .digest('base64')
}

/** Drops what only a script would need. */
const withoutScripts = (html: Buffer) =>
  Buffer.from(html.toString('utf8').replace(/<script\b[^>]*>[\s\S]*?<\/script>|<link\b[^>]*\bas="script"[^>]*>/g, ''))

/** The text with another nonce in it. */
function withNonce({ parts }: Page, nonce: string): Buffer {
  const between = Buffer.from(nonce)
  return Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [between, part])))
}

function send(page: Page, request: IncomingMessage, response: ServerResponse): void {
  const nonce = headersOf(request).get(nonceHeader) ?? ''
  for (const [name, value] of Object.entries(page.headers)) response.setHeader(name, String(value).replaceAll(page.nonce, nonce))
  const html = withNonce(page, nonce)
  if (!/\bgzip\b/.test(headersOf(request).get('accept-encoding') ?? '')) {
    response.setHeader('content-length', html.length)
    response.end(html)
    return
  }
  response.setHeader('content-encoding', 'gzip')
  gzip(html, { level: 3 }, (error, bytes) => (error ? response.destroy() : response.end(bytes)))
}

/** The pages drawn last; the one that nobody has asked for the longest goes first. */
function makeShelf(clock: Clock) {
  const pages = new Map<string, Page>()
  let bytes = 0
  const take = (key: string): Page | undefined => {
    const page = pages.get(key)
    bytes -= page?.bytes ?? 0
    pages.delete(key)
    return page
  }
  const put = (key: string, page: Page | null) => {
    take(key)
    if (!page) return
    pages.set(key, page)
    bytes += page.bytes
    for (const oldest of pages.keys()) {
      if (bytes <= shelfBytes) break
      take(oldest)
    }
  }
  const get = (key: string): Page | undefined => {
    const page = take(key)
    if (!page || clock.now() - page.at > keptMs) return undefined
    put(key, page)
    return page
  }
  return { get, put }
}

/** Cuts a text wherever the nonce stands. */
function cut(text: Buffer, nonce: string): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (let at = text.indexOf(nonce); at >= 0; at = text.indexOf(nonce, from)) {
    parts.push(text.subarray(from, at))
    from = at + nonce.length
  }
  return [...parts, text.subarray(from)]
}

/** Makes what puts a drawn page on the shelf, where it may be kept at all. */
function pageOf(drawing: Drawing, { headers }: Overheard, html: Buffer, nonce: string, at: number): Page | null {
  if (drawing.spoilt || headers['set-cookie'] !== undefined || html.length > pageBytes || !nonce) return null
  return { drawing, headers, nonce, parts: cut(html, nonce), bytes: html.length + JSON.stringify(drawing).length, at }
}

/** Whether an answer is a whole page. */
const isPage = (response: ServerResponse) => response.statusCode === 200 && /^text\/html/.test(String(response.getHeader('content-type')))

/**
 * Draws no page twice from the same answers. Of each page it is known what its procedures were asked and what they answered; asked for again within
 * half a minute, the same person's same page is made of its former text if every procedure, asked anew, answers as it did. So what somebody may see is
 * decided at each request, and only the drawing is spared. Who reloads with Ctrl (`Cache-Control: no-cache`) gets it drawn.
 */
export function drawnPages({ handle, stillTrue, clock }: Options): Handle {
  const [shelf, drawings] = [makeShelf(clock), new Map<string, Drawing>()]
  register({ drawings })
  const begin = (request: IncomingMessage, response: ServerResponse): Drawing => {
    const [id, drawing] = [randomUUID(), newDrawing()]
    drawings.set(id, drawing)
    response.once('close', () => drawings.delete(id))
    request.headers[drawingHeader] = id
    return drawing
  }
  const draw = (key: string, request: IncomingMessage, response: ServerResponse) => {
    const [drawing, nonce] = [begin(request, response), headersOf(request).get(nonceHeader) ?? '']
    overhear(response, false, async (heard) => {
      if (!isPage(response)) return
      const html = response.getHeader('content-encoding') === 'gzip' ? await unzip(heard.body).catch(() => null) : heard.body
      shelf.put(key, html && pageOf(drawing, heard, html, nonce, clock.now()))
    })
    handle(request, response)
  }
  const drawStill = (key: string, request: IncomingMessage, response: ServerResponse) => {
    const [drawing, nonce] = [begin(request, response), headersOf(request).get(nonceHeader) ?? '']
    const accepted = request.headers['accept-encoding']
    delete request.headers['accept-encoding']
    overhear(response, true, (heard) => {
      if (accepted !== undefined) request.headers['accept-encoding'] = accepted
      const page = isPage(response) ? pageOf(drawing, heard, withoutScripts(heard.body), nonce, clock.now()) : null
      shelf.put(key, page)
      if (page) send(page, request, response)
      else response.end(heard.body)
    })
    handle(request, response)
  }
  return (request, response) => {
    delete request.headers[drawingHeader]
    if (!asksForPage(request)) return handle(request, response)
    const key = keyOf(request)
    const again = still.has(request.url ?? '') ? drawStill : draw
    const page = /no-cache/.test(request.headers['cache-control'] ?? '') ? undefined : shelf.get(key)
    if (!page) return again(key, request, response)
    const same = stillTrue(page.drawing, headersOf(request)).catch(() => false)
    void same.then((stands) => (stands ? send(page, request, response) : again(key, request, response)))
  }
}
