import type { AppModel } from '../app-model.ts'
import type { Message, MessageRequest } from '../protocol/request.ts'
import { messagesOf, systemOf, textOf } from '../protocol/request.ts'
import { readIssue } from '../reading/read-issue.ts'

export const roles = [
  'product strategist',
  'architect',
  'QA engineer',
  'frontend developer',
  'backend developer',
  'code reviewer',
  'DevOps engineer',
] as const
export type Role = (typeof roles)[number]

/** The crew role that the system prompt's first sentence names; null for any other conversation. */
export function roleOf(request: MessageRequest): Role | null {
  const found = /^\s*You are the ([A-Za-z ]{2,40}) of a software crew\./.exec(systemOf(request))?.[1]
  return roles.find((role) => role === found) ?? null
}

/** The JSON inside the first `<tag>…</tag>` of a text; `<` is escaped inside, so the first closing tag is the block's own. */
export function block(text: string, tag: string): unknown {
  const start = text.indexOf(`<${tag}>`)
  const end = text.indexOf(`</${tag}>`, start)
  if (start < 0 || end < 0) return undefined
  try {
    return JSON.parse(text.slice(start + tag.length + 2, end))
  } catch {
    return undefined
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Where the work at hand begins: the last message of the user that carries blocks. */
export function taskStart(messages: Message[]): number {
  for (let at = messages.length - 1; at > 0; at--) {
    const message = messages[at]
    if (message?.role === 'user' && /<(?:failures|issue)>/.test(textOf(message))) return at
  }
  return 0
}

/** The model of the app that the conversation is about, read from its issue; without one, from the specification's own words. */
export function modelOf(request: MessageRequest): AppModel {
  const text = messagesOf(request)
    .filter(({ role }) => role === 'user')
    .map(textOf)
    .join('\n')
  const issue = block(text, 'issue')
  if (issue && typeof issue === 'object') {
    const { title, body } = issue as { title?: unknown; body?: unknown }
    return readIssue({ title: stringOf(title), body: stringOf(body) })
  }
  const { title, summary } = (block(text, 'specification') ?? {}) as { title?: unknown; summary?: unknown }
  return readIssue({ title: stringOf(title), body: stringOf(summary) })
}

export interface Failure {
  id: string
  message: string
}

/** The failures of a round of repairs; null where this is no repair. */
export function failuresOf(request: MessageRequest): Failure[] | null {
  const messages = messagesOf(request)
  const value = block(textOf(messages[taskStart(messages)]), 'failures')
  if (value === undefined) return null
  return (Array.isArray(value) ? value : []).map((one) => ({
    id: stringOf((one as Failure | null)?.id),
    message: stringOf((one as Failure | null)?.message),
  }))
}
