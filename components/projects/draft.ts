import { issueLimits } from '@/server/projects/schema.ts'

export type SourceType = 'text' | 'url' | 'file'

/** What stands in the form; all three ways are kept, so changing between them loses nothing. */
export interface Draft {
  type: SourceType
  title: string
  body: string
  url: string
  file: { name: string; content: string } | null
}

export const emptyDraft: Draft = { type: 'text', title: '', body: '', url: '', file: null }
export const fileLimitBytes = 512 * 1024

export type DraftField = 'title' | 'body' | 'url' | 'file'
export type DraftProblem = 'missing' | 'tooLong' | 'notAnIssue'

export const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** What keeps a draft from being sent, by field; empty where nothing does. */
export function problemsOf(draft: Draft): Partial<Record<DraftField, DraftProblem>> {
  if (draft.type === 'url') {
    if (!draft.url.trim()) return { url: 'missing' }
    return /^https?:\/\/[^\s/]+\/[^\s/]+\/[^\s/]+\/issues\/\d+([/?#].*)?$/.test(draft.url.trim()) ? {} : { url: 'notAnIssue' }
  }
  if (draft.type === 'file') return draft.file ? {} : { file: 'missing' }
  const problems: Partial<Record<DraftField, DraftProblem>> = {}
  const title = draft.title.trim()
  if (!title) problems.title = 'missing'
  else if (title.length > issueLimits.titleMax) problems.title = 'tooLong'
  if (bytesOf(draft.body) > issueLimits.bodyMaxBytes) problems.body = 'tooLong'
  return problems
}

/** The title that a file seems to have, to derive a name from before it is sent; '' where none is seen. */
export function titleOfFile(content: string): string {
  if (!/^\s*[[{]/.test(content)) return (content.trimStart().split('\n')[0] ?? '').replace(/^#+\s*/, '').trim()
  try {
    const json = JSON.parse(content) as { issue?: { title?: unknown }; title?: unknown }
    const title = json.issue?.title ?? json.title
    return typeof title === 'string' ? title : ''
  } catch {
    return ''
  }
}

/** The title as far as it is known before the server has read the issue. */
export function titleOf(draft: Draft): string {
  if (draft.type === 'text') return draft.title.trim()
  return draft.type === 'file' && draft.file ? titleOfFile(draft.file.content) : ''
}

/** The form's field that the server's name for it means. What is wrong inside a file or behind an address is told where that was given. */
export function fieldOf(serverField: string | undefined, type: SourceType): DraftField | 'name' | null {
  const last = serverField?.split('.').at(-1)
  if (last === 'name') return 'name'
  if (!last || !['title', 'body', 'url', 'content', 'file'].includes(last)) return null
  return type === 'text' ? (last === 'body' ? 'body' : 'title') : type
}
