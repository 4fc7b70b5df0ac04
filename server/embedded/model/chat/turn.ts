import type { Part } from '../protocol/reply.ts'
import type { MessageRequest } from '../protocol/request.ts'
import { languageOf } from '../reading/text.ts'
import { chat } from '../roles/chat.ts'
import { callFor, inTurns } from './calls.ts'
import { standingOf } from './conversation.ts'
import { cannot, report } from './report.ts'
import { wishesIn } from './wishes.ts'

/** The next turn of a conversation: calls that the words ask for, then what came of them. */
export function chatTurn(request: MessageRequest): Part[] {
  const standing = standingOf(request)
  const korean = languageOf(standing.asked) === 'ko'
  const wishes = wishesIn(standing.asked)
  const calls = wishes.map((wish) => ({ wish, call: callFor(wish, request) }))
  const impossible = calls.flatMap(({ wish, call }) => (call ? [] : [wish]))
  const turns = inTurns(
    calls.flatMap(({ call }) => call ?? []),
    request,
  )
  const next = request.tool_choice?.type === 'none' ? undefined : turns[standing.turns]
  if (next)
    return [
      { type: 'text', text: korean ? '살펴보겠습니다.' : 'Let me do that.' },
      ...next.map((call) => ({ type: 'tool_use' as const, ...call })),
    ]
  const said = [
    report(standing.done, korean),
    impossible.length > 0 && (request.tools ?? []).length > 0 ? cannot(impossible, korean) : '',
  ].filter(Boolean)
  return [{ type: 'text', text: said.join('\n\n') || chat(request) }]
}
