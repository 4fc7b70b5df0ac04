import type { Faults } from '../protocol/faults.ts'
import type { Part } from '../protocol/reply.ts'
import { type MessageRequest, thinks } from '../protocol/request.ts'
import { languageOf } from '../reading/text.ts'
import { acknowledge } from './attachments.ts'
import { callFor, inTurns } from './calls.ts'
import { choreOf, doChore } from './chores.ts'
import { type Standing, standingOf } from './conversation.ts'
import { hostileChat } from './hostile.ts'
import { cannot, report } from './report.ts'
import { longAnswer, showPieces } from './show-pieces.ts'
import { talk } from './talk.ts'
import { wishesIn } from './wishes.ts'

const text = (words: string): Part => ({ type: 'text', text: words })
const call = (name: string) => `\`${name}\``

/** What it may be seen to think: what it read out of the words, and how far it has come. */
function thoughts({ asked, done, turns }: Standing, next: string[], korean: boolean): Part {
  const about = asked.replace(/\s+/g, ' ').slice(0, 120)
  const heard = korean ? `질문은 “${about}”입니다.` : `The question is “${about}”.`
  const had =
    done.length > 0
      ? korean
        ? ` ${turns}번의 차례에서 도구 ${done.length}개의 결과를 받았습니다.`
        : ` So far ${done.length} results of tools have come in ${turns} turn${turns === 1 ? '' : 's'}.`
      : ''
  if (next.length > 0)
    return {
      type: 'thinking',
      thinking: `${heard}${had} ${korean ? `다음으로 ${next.join(', ')}을(를) 씁니다.` : `Next I use ${next.join(', ')}.`}`,
    }
  return {
    type: 'thinking',
    thinking: `${heard}${had} ${korean ? '규칙에 맞는 답을 고릅니다.' : 'I choose the answer that fits by my rules.'}`,
  }
}

/** What is said where no tool is called: results first, then what else was asked. */
function words(request: MessageRequest, standing: Standing, impossible: string, korean: boolean): Part[] {
  const { asked, attached, done } = standing
  const came = [acknowledge(attached, korean), report(done, korean), impossible].filter(Boolean).join('\n\n')
  const shown = [...longAnswer(asked, korean), ...showPieces(asked, korean)]
  if (shown.length > 0 && done.length === 0) return came ? [text(`${came}\n\n`), ...shown] : shown
  return [text(came || talk(request, standing, korean))]
}

function plainTurn(request: MessageRequest, standing: Standing, korean: boolean): Part[] {
  const wishes = wishesIn(standing.asked).map((wish) => ({ wish, call: callFor(wish, request) }))
  const turns = inTurns(
    wishes.flatMap(({ call }) => call ?? []),
    request,
  )
  const next = request.tool_choice?.type === 'none' ? undefined : turns[standing.turns]
  const thinking = thinks(request) ? [thoughts(standing, next?.map(({ name }) => call(name)) ?? [], korean)] : []
  if (next)
    return [
      ...thinking,
      text(korean ? '살펴보겠습니다.' : 'Let me do that.'),
      ...next.map((one) => ({ type: 'tool_use' as const, ...one })),
    ]
  const left = wishes.flatMap(({ wish, call }) => (call ? [] : [wish]))
  const impossible = left.length > 0 && (request.tools ?? []).length > 0 ? cannot(left, korean) : ''
  return [...thinking, ...words(request, standing, impossible, korean)]
}

/** The next turn of a conversation: calls that the words ask for, then what came of them; or an answer by fixed rules. */
export function chatTurn(request: MessageRequest, faults: Faults): Part[] {
  const chore = choreOf(request)
  if (chore) return [text(doChore(chore, request))]
  const standing = standingOf(request)
  if (faults.hostile) return hostileChat(request, standing, faults.short)
  return plainTurn(request, standing, languageOf(standing.asked) === 'ko')
}
