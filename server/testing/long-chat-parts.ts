import type { Part } from '@/server/chats/schema.ts'

const code = `\`\`\`ts
export function total(rows: readonly { price: number; count: number }[]): number {
  return rows.reduce((sum, { price, count }) => sum + price * count, 0)
}
\`\`\``
const table = '| Part | State | Time |\n|---|---|---:|\n| parser | done | 12 ms |\n| writer | open | 31 ms |\n| index | done | 4 ms |'
const prose = [
  'The list is read **once**, and then kept: a second reading would cost as much as the first one.',
  'Where a name stands twice, the later one wins. That is also what `Object.assign` does, see [the reference](https://developer.mozilla.org/).',
  '날짜는 서버의 시간대가 아니라 읽는 사람의 시간대로 보여 줘요. 그래서 서버는 언제나 UTC로만 답해요.',
]

/** What is said at one place of a long conversation: questions and answers as people and models write them, every eighth answer with a tool. */
export function partsAt(at: number): Part[] {
  const said = (text: string): Part => ({ type: 'text', turn: 0, text })
  if (at % 2 === 0) return [said(`Question ${at / 2 + 1}: how is part ${at % 13} of this put together, and what comes next?`)]
  const answer = (at - 1) / 2
  const list = Array.from({ length: 3 + (answer % 4) }, (_, item) => `- step ${item + 1} of ${answer}`).join('\n')
  const body = [
    `## Answer ${answer + 1}`,
    prose[answer % 3],
    list,
    answer % 3 === 0 ? code : answer % 3 === 1 ? table : prose[(answer + 1) % 3],
  ]
  const tool: Part = {
    ...{ type: 'tool', turn: 0, callId: `call-${at}`, tool: 'read_file', state: 'done', durationMs: 12 },
    ...{ input: JSON.stringify({ path: `src/part-${at % 13}.ts` }), output: 'export const part = 1\n'.repeat(20) },
  }
  return answer % 8 === 0 ? [tool, said(body.join('\n\n'))] : [said(body.join('\n\n'))]
}
