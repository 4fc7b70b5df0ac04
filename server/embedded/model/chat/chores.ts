import { type MessageRequest, messagesOf, systemOf, textOf } from '../protocol/request.ts'
import { languageOf } from '../reading/text.ts'

/** What programs ask a model for beside a conversation. */
export type Chore = 'title' | 'summary'

/** Whether a request is for a conversation's name, or for a summary of it. */
export function choreOf(request: MessageRequest): Chore | null {
  if ((request.tools ?? []).length > 0) return null
  const [system, last] = [systemOf(request), textOf(messagesOf(request).findLast(({ role }) => role === 'user'))]
  const schema = request.output_config?.format?.schema as { properties?: Record<string, unknown> } | undefined
  if (schema) return schema.properties && Object.keys(schema.properties).join() === 'title' ? 'title' : null
  if (/\bname the conversation|\b(?:short|concise|brief)\b[^.\n]{0,60}\btitle\b|\btitle (?:for|of) (?:the|this) conversation/i.test(system))
    return 'title'
  if (/\byou sum up a conversation|\bsummari[sz](?:e|ing) (?:the |this )?conversations?/i.test(system)) return 'summary'
  return /^[^\n]{0,200}\bsummary of (?:the|this|our) conversation/i.test(last.trim()) ? 'summary' : null
}

const stops = new Set(
  'a an the is are was were be to of in on at for with and or but please can could would will you i me my we our it this that do does did just then so how what'.split(
    ' ',
  ),
)

/** The words between marks, or all of them. */
const inside = (text: string, tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)(?:</${tag}>|$)`).exec(text)?.[1] ?? text

/** Three to six words of what was asked first. */
export function titleOf(text: string): string {
  const said = inside(text, 'person')
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/\[demo[^\]]*\]/gi, ' ')
    .replace(/[<>#*_`"“”()[\]{}]/g, ' ')
  const line = said.trim().split(/[\n.!?]/)[0] ?? ''
  const words = line.split(/\s+/).filter(Boolean)
  const telling = words.filter((word) => !stops.has(word.toLowerCase().replace(/[^\p{L}]/gu, '')))
  const title = (telling.length > 1 ? telling : words)
    .slice(0, 6)
    .join(' ')
    .replace(/[,;:]+$/, '')
    .slice(0, 80)
  if (!title) return languageOf(text) === 'ko' ? '새 대화' : 'New conversation'
  return title.charAt(0).toUpperCase() + title.slice(1)
}

const mostPoints = 12

/** Notes on a conversation: who said what, shortly. */
export function summaryOf(text: string): string {
  const korean = languageOf(text) === 'ko'
  const turns = inside(text, 'conversation')
    .split(/\n\n(?=[^\n:]{1,80}: )/)
    .flatMap((turn) => {
      const [, who = '', said = ''] = /^([^\n:]{1,80}): ([\s\S]*)$/.exec(turn.trim()) ?? []
      const first =
        said
          .trim()
          .split('\n')
          .find((line) => line.trim() !== '') ?? ''
      return first ? [`- ${who === 'Person' && korean ? '사용자' : who}: ${first.slice(0, 160)}`] : []
    })
  const kept = turns.length > mostPoints ? [...turns.slice(0, mostPoints / 2), '- …', ...turns.slice(-mostPoints / 2)] : turns
  const paths = [...new Set(text.match(/\b[\w-]+(?:\/[\w.-]+)*\.[a-z]{1,5}\b/g) ?? [])].slice(0, 10)
  const files = paths.length > 0 ? [`${korean ? '- 파일' : '- Files'}: ${paths.join(', ')}`] : []
  return [korean ? '지금까지의 대화:' : 'What was said so far:', ...kept, ...files].join('\n')
}

/** What a chore brings. */
export function doChore(chore: Chore, request: MessageRequest): string {
  const users = messagesOf(request).filter(({ role }) => role === 'user')
  if (chore === 'summary')
    return summaryOf(
      messagesOf(request)
        .map(({ role, blocks }) => (users.length > 1 ? `${role === 'user' ? 'Person' : 'Assistant'}: ` : '') + textOf({ role, blocks }))
        .join('\n\n'),
    )
  const title = titleOf(textOf(users[0]))
  return request.output_config?.format ? JSON.stringify({ title }) : title
}
