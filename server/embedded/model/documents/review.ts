import { type MessageRequest, messagesOf, textOf } from '../protocol/request.ts'
import { languageOf } from '../reading/text.ts'
import { type ReviewedFile, reviewFiles } from '../reviewing/review.ts'
import { block } from '../roles/blocks.ts'

/** The files that came along as documents: a title that is a path, and a text. */
function filesOf(request: MessageRequest): ReviewedFile[] {
  const blocks = messagesOf(request).flatMap((message) => (message.role === 'user' ? message.blocks : []))
  return blocks.flatMap((one) => {
    const { type, title, source } = one as { type: string; title?: unknown; source?: { type?: unknown; data?: unknown } }
    const text = source?.type === 'text' ? source.data : undefined
    return type === 'document' && typeof title === 'string' && typeof text === 'string' ? [{ path: title, text }] : []
  })
}

/** The code reviewer's document: what the rules find in the files it was given. */
export function review(request: MessageRequest): object {
  const asked = messagesOf(request).map(textOf).join('\n')
  const { of } = (block(asked, 'request') ?? {}) as { of?: unknown }
  const { title, summary } = (block(asked, 'specification') ?? {}) as { title?: unknown; summary?: unknown }
  const korean = languageOf(`${title ?? ''} ${summary ?? ''}`) === 'ko'
  return reviewFiles(filesOf(request), korean, of === undefined || of === 1)
}
