import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SoftwareRole } from '@/server/crews/schema.ts'

/** What a role was asked: the blocks it was given, and how far its conversation has come. */
export interface Talk {
  role: SoftwareRole
  /** The blocks of the first message, parsed. */
  blocks: Record<string, unknown>
  /** The files that came beside the blocks: path and text. */
  files: Record<string, string>
  /** Keys of the document that is asked for; empty where the role works with tools. */
  wanted: string[]
  /** How many turns the role has had before this one. */
  turn: number
  /** What the tools answered to the last turn. */
  results: string[]
  /** How many times the client has tried this request before. */
  retries: number
}

/** A tool call, as the role words it; nothing checks that it is a fit one. */
export type ToolCall = readonly [name: string, input: unknown]

/** What a role says: a document, tool calls, words, or a fault. */
export type Said =
  | { document: unknown }
  | { raw: string }
  | { calls: readonly ToolCall[]; text?: string }
  | { text: string }
  | { status: number; type: string }
  | { cut: true }

export type Voice = (talk: Talk) => Said | Promise<Said>
export type Script = Record<SoftwareRole, Voice>

export interface ScriptedModel {
  url: string
  /** Replaces the script; conversations that go on hear the new one. */
  follow(script: Script): void
  stop(): Promise<void>
}

interface WireBlock {
  type: string
  text?: string
  content?: unknown
  title?: string
  source?: { data?: string }
}

interface Wire {
  model: string
  system: string
  messages: { role: string; content: string | WireBlock[] }[]
  output_config?: { format?: { schema?: { properties?: object } } }
}

const textOf = (content: Wire['messages'][number]['content'] | undefined) =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('')

function blocksOf(text: string): Record<string, unknown> {
  const found = [...text.matchAll(/<([a-z]+)>([^<]*)<\/\1>/g)]
  return Object.fromEntries(found.map(([, tag = '', json = 'null']) => [tag, JSON.parse(json)]))
}

function filesOf(content: Wire['messages'][number]['content'] | undefined): Record<string, string> {
  const documents = typeof content === 'string' ? [] : (content ?? []).filter(({ type }) => type === 'document')
  return Object.fromEntries(documents.map(({ title = '', source }) => [title, source?.data ?? '']))
}

function talkOf(wire: Wire, retries: number): Talk {
  const role = /^You are the ([A-Za-z ]+) of a software crew\./.exec(wire.system)?.[1]
  if (!role) throw new Error('the system prompt names no role')
  const last = wire.messages.at(-1)?.content
  const results = typeof last === 'string' ? [] : (last ?? []).filter(({ type }) => type === 'tool_result')
  return {
    role: role.toLowerCase().replaceAll(' ', '-') as SoftwareRole,
    blocks: blocksOf(textOf(wire.messages[0]?.content)),
    files: filesOf(wire.messages[0]?.content),
    wanted: Object.keys(wire.output_config?.format?.schema?.properties ?? {}),
    turn: wire.messages.filter((message) => message.role === 'assistant').length,
    results: results.map(({ content }) => (typeof content === 'string' ? content : textOf(content as never))),
    retries,
  }
}

let counter = 0

function contentOf(said: Said): object[] {
  if ('document' in said) return [{ type: 'text', text: JSON.stringify(said.document) }]
  if ('raw' in said) return [{ type: 'text', text: said.raw }]
  if (!('calls' in said)) return [{ type: 'text', text: 'text' in said ? said.text : '' }]
  const calls = said.calls.map(([name, input]) => ({ type: 'tool_use', id: `toolu_${++counter}`, name, input }))
  return [...(said.text ? [{ type: 'text', text: said.text }] : []), ...calls]
}

function answer(response: ServerResponse, wire: Wire, said: Said): void {
  const headers = { 'content-type': 'application/json', 'request-id': `req_${++counter}`, 'retry-after-ms': '5' }
  if ('status' in said) {
    const body = { type: 'error', error: { type: said.type, message: said.type } }
    return void response.writeHead(said.status, headers).end(JSON.stringify(body))
  }
  const message = {
    id: `msg_${++counter}`,
    type: 'message',
    role: 'assistant',
    model: wire.model,
    content: 'cut' in said ? [] : contentOf(said),
    stop_reason: 'calls' in said ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1_000, output_tokens: 100 },
  }
  const text = JSON.stringify(message)
  if (!('cut' in said)) return void response.writeHead(200, headers).end(text)
  response.writeHead(200, { ...headers, 'content-length': text.length })
  response.write(text.slice(0, 20), () => response.destroy())
}

async function serve(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const wire = JSON.parse(Buffer.concat(chunks).toString()) as Wire
  const talk = talkOf(wire, Number(request.headers['x-stainless-retry-count'] ?? 0))
  answer(response, wire, await script[talk.role](talk))
}

/** Starts a Messages API whose words are a script: one function a role, so that a test can let any role lie, tamper, loop or break. */
export async function startScriptedModel(script: Script): Promise<ScriptedModel> {
  let current = script
  const server = createServer((request, response) => {
    serve(request, response, current).catch((error: Error) => {
      const body = { type: 'error', error: { type: 'invalid_request_error', message: error.message } }
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    follow: (next) => {
      current = next
    },
    stop,
  }
}
