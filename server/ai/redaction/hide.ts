import type { ProjectId } from '@/server/core/gates.ts'
import { placeholderPattern } from './placeholders.ts'
import { redact } from './redact.ts'

const hidden = '[secret]'

interface Body {
  messages: { content: { text: string }[] }[]
}

/**
 * Texts without the secrets that stand in them or in what they speak of: for a model's words that go where secrets do not belong, such as a
 * mail. What is hidden does not come back.
 * @param about what the texts speak of; a secret that is seen there is one wherever it stands alone
 */
export async function hideSecrets(projectId: ProjectId, texts: readonly string[], about: readonly string[] = []): Promise<string[]> {
  const content = [...about, ...texts].map((text) => ({ type: 'text', text }))
  const { body } = await redact(projectId, JSON.stringify({ messages: [{ role: 'user', content }] }), [])
  const { messages } = JSON.parse(body) as Body
  return (messages[0]?.content ?? []).slice(about.length).map(({ text }) => text.replace(placeholderPattern, hidden))
}
