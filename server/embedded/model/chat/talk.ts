import type { MessageRequest } from '../protocol/request.ts'
import { chat } from '../roles/chat.ts'
import type { Standing } from './conversation.ts'

type Said = (match: RegExpExecArray, standing: Standing, korean: boolean) => string

/** A sum of two numbers, as far as it is one. */
function reckon(a: number, sign: string, b: number): string | null {
  const results: Record<string, number> = { '+': a + b, '-': a - b, '−': a - b, '*': a * b, x: a * b, '×': a * b, '/': a / b, '÷': a / b }
  const value = results[sign.toLowerCase()]
  return value !== undefined && Number.isFinite(value) ? String(Math.round(value * 1e9) / 1e9) : null
}

const nameIn = (text: string) =>
  /\bmy name is ([\p{L}][\p{L}'-]{0,40})/iu.exec(text)?.[1] ??
  /(?:내|제) 이름은 ([\p{L}]{1,20}?)(?:이에요|예요|입니다|이야|야|[.!\s]|$)/u.exec(text)?.[1]

const quote = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 160)

const answers: [RegExp, Said][] = [
  [
    /(-?\d+(?:\.\d+)?)\s*([-+*x×/÷−])\s*(-?\d+(?:\.\d+)?)/i,
    ([, a, sign, b], _, korean) => {
      const value = reckon(Number(a), sign ?? '', Number(b))
      if (value === null) return ''
      return korean ? `${a} ${sign} ${b} = ${value}입니다.` : `${a} ${sign} ${b} = ${value}.`
    },
  ],
  [
    /\bwhat(?:'s| is) my name\b|(?:내|제) 이름(?:이|은)? (?:뭐|무엇)/i,
    (_, { earlier }, korean) => {
      const name = earlier.map(nameIn).findLast((one) => one !== undefined)
      if (!name) return korean ? '이름은 아직 말씀하지 않으셨습니다.' : 'You have not told me your name yet.'
      return korean ? `${name} 님이라고 하셨습니다.` : `You said that your name is ${name}.`
    },
  ],
  [
    /\bmy name is\b|(?:내|제) 이름은/i,
    (_, { asked }, korean) => {
      const name = nameIn(asked)
      if (!name) return ''
      return korean ? `반갑습니다, ${name} 님.` : `Nice to meet you, ${name}.`
    },
  ],
  [
    /\bwhat did i (?:say|ask|write)\b|(?:내가|제가) (?:뭐라고|무슨 말|무엇을)/i,
    (_, { earlier }, korean) => {
      const before = earlier.at(-1)
      if (!before) return korean ? '이것이 첫 말씀입니다.' : 'This is the first thing you said.'
      return korean ? `바로 전에 “${quote(before)}”라고 하셨습니다.` : `Before this you said: “${quote(before)}”`
    },
  ],
  [
    /\bthank(?:s| you)\b|고마|감사/i,
    (_, __, korean) => (korean ? '천만에요. 더 필요한 것이 있으면 말씀해 주세요.' : 'You are welcome. Tell me if there is more to do.'),
  ],
  [/^\s*(?:bye|goodbye)\b|잘 ?가|안녕히 계/i, (_, __, korean) => (korean ? '안녕히 가세요.' : 'Goodbye.')],
]

const helps = /\b(?:help|what can you do|how do you work)\b|도와|도움|무엇을 할 수|뭘 할 수/i

/** What these rules can do with the tools that are there, in words to be tried. */
function examples(request: MessageRequest, korean: boolean): string {
  const names = new Set((request.tools ?? []).map(({ name }) => name))
  const can = (tool: string, words: string) => (names.has(tool) ? [words] : [])
  const ideas = korean
    ? [
        ...can('list_files', '“파일 목록 보여줘”'),
        ...can('write_file', '“notes.md에 안녕이라고 써줘”'),
        ...can('run_command', '“`ls` 실행해줘”'),
        ...can('search_documents', '“문서에서 커피 찾아줘”'),
        ...['“표 보여줘”', '“수식 보여줘”', '“100까지 세어줘”'],
      ]
    : [
        ...can('list_files', '“list the files”'),
        ...can('write_file', '“write notes.md with: Hello”'),
        ...can('run_command', '“run `ls`”'),
        ...can('search_documents', '“search the documents for coffee”'),
        ...['“show me a table”', '“show me math”', '“count to 100”'],
      ]
  return korean ? `예: ${ideas.join(', ')}.` : `What I do understand: ${ideas.join(', ')}.`
}

function abilities(request: MessageRequest, korean: boolean): string {
  const tools = (request.tools ?? []).map(({ name }) => `\`${name}\``)
  if (tools.length === 0) return examples(request, korean)
  const listed = `${tools.slice(0, 12).join(', ')}${tools.length > 12 ? ', …' : ''}`
  return `${korean ? '지금 쓸 수 있는 도구' : 'Tools I can use here'}: ${listed}. ${examples(request, korean)}`
}

/** Small talk: what fixed rules can answer, and honest words where they cannot. */
export function talk(request: MessageRequest, standing: Standing, korean: boolean): string {
  const { asked } = standing
  if (asked.length < 400) {
    for (const [pattern, say] of answers) {
      const match = pattern.exec(asked)
      const said = match ? say(match, standing, korean) : ''
      if (said) return said
    }
  }
  const said = chat(asked)
  if (asked.length >= 400) return said
  return `${said}\n\n${helps.test(asked) ? abilities(request, korean) : examples(request, korean)}`
}
