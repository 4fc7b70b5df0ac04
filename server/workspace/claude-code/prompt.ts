import { attachmentBytes } from '@/server/chats/service.ts'
import { messagesOf } from '../engines/history.ts'
import { systemPrompt } from '../engines/prompt.ts'
import type { EngineRun } from '../engines/types.ts'
import { transcript } from '../rules.ts'

const mostBefore = 300_000
const closed = (text: string, tag: string) => `<${tag}>\n${text.replaceAll(`</${tag}>`, '')}\n</${tag}>`

/** What the program is told beside its own instructions. */
export const instructionsFor = (run: EngineRun, names: ReadonlySet<string>): string => systemPrompt(run, { names })

/**
 * What the program is asked: the message that is answered, with all that came before as a text. It keeps no memory of its own between
 * answers, so that branches, edits and other engines' answers count as they do everywhere.
 */
export async function promptFor(run: EngineRun): Promise<object[]> {
  const last = run.history.findLastIndex(({ role }) => role === 'user')
  const question = run.history[last]
  const before = transcript(run.history.slice(0, Math.max(last, 0)), mostBefore)
  const read = (id: string) => attachmentBytes(run.spaceId, id)
  const [asked] = question ? await messagesOf({ ...run, history: [question], parts: [] }, read) : []
  const content = Array.isArray(asked?.content) ? (asked.content as object[]) : [{ type: 'text', text: 'Go on.' }]
  const blocks: object[] = []
  if (before) blocks.push({ type: 'text', text: `What was said before in this conversation:\n${closed(before, 'conversation')}` })
  blocks.push(...content)
  if (run.parts.length > 0) {
    const own = transcript([{ role: 'assistant', agentName: run.agentName, parts: [...run.parts] } as never], mostBefore)
    blocks.push({
      type: 'text',
      text: `You had begun to answer when the server was started anew; go on from there:\n${closed(own, 'begun')}`,
    })
  }
  return blocks
}
