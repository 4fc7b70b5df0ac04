import { readIssue } from '../reading/read-issue.ts'
import { languageOf } from '../reading/text.ts'

/** A short, honest answer to anything that is no crew's work. */
export function chat(asked: string): string {
  const last = asked.slice(0, 64_000)
  const korean = languageOf(last) === 'ko'
  const intro = korean
    ? '저는 데모 모델입니다. 언어 모델이 아니라 정해진 규칙으로 답하는 대역이라 대화를 이해하지는 못합니다.'
    : 'I am the demo model: a stand-in that answers by fixed rules and is no language model, so I do not understand a conversation.'
  const more = korean ? '실제 답을 받으려면 ANTHROPIC_API_KEY를 설정하세요.' : 'Set ANTHROPIC_API_KEY to have Claude answer here.'
  const reading = read(last, korean)
  return [intro, reading, more].filter((part) => part !== '').join(' ')
}

/** What the rules see in a text that reads like an issue. */
function read(text: string, korean: boolean): string {
  if (text.trim().length < 40) return ''
  const [title = '', ...body] = text.trim().split('\n')
  const { entities, criteria } = readIssue({ title, body: body.join('\n') || title })
  const named = entities.filter(({ fields }) => fields.some(({ name }) => name !== 'name' && name !== 'note'))
  if (named.length === 0) return ''
  const list = named.map(({ labelPlural, fields }) => `${labelPlural} (${fields.map(({ label }) => label).join(', ')})`).join('; ')
  const stated = criteria.filter(({ derived }) => !derived).length
  return korean
    ? `이것이 이슈라면 이렇게 읽습니다: ${list}. 인수 조건은 ${stated}개입니다.`
    : `Were this an issue, I would read it as: ${list}, with ${stated} stated acceptance ${stated === 1 ? 'criterion' : 'criteria'}.`
}
