import type { Done } from './conversation.ts'
import type { Wish } from './wishes.ts'

const mostLines = 14
const mostCharacters = 1_200

/** A fence that what stands in it cannot close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

function beginning(text: string): string {
  const lines = text.trimEnd().split('\n')
  const kept = lines.slice(0, mostLines).join('\n').slice(0, mostCharacters)
  return kept.length < text.trimEnd().length ? `${kept}\n…` : kept
}

const inline = (text: string) => `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ').slice(0, 120)}\``
const isRead = /^(?:read_file|Read)$/
const isWrite = /^(?:write_file|Write)$/
const isEdit = /^(?:edit_file|Edit)$/
const isDocuments = /^search_documents$/

function targetOf({ input }: Done): string {
  const value = ['path', 'file_path', 'command', 'pattern', 'query', 'url', 'service']
    .map((key) => input[key])
    .find((one) => typeof one === 'string')
  return typeof value === 'string' && value ? inline(value) : ''
}

/** Lines of a file; those that say of what is left are none. */
const linesOf = (text: string) => text.trimEnd().split('\n').length

function fine(call: Done, korean: boolean): string {
  const [target, text] = [targetOf(call), call.result.trimEnd()]
  if (isWrite.test(call.name)) return korean ? `${target}을(를) 썼습니다.` : `I wrote ${target}.`
  if (isEdit.test(call.name)) return korean ? `${target}을(를) 고쳤습니다.` : `I changed ${target}.`
  if (isRead.test(call.name)) {
    const head = korean
      ? `${target}을(를) 읽었습니다. ${linesOf(text)}줄입니다.`
      : `I read ${target}: ${linesOf(text)} line${linesOf(text) === 1 ? '' : 's'}.`
    return `${head}\n\n${fenced(beginning(text))}`
  }
  if (isDocuments.test(call.name)) return fromDocuments(text, korean)
  const head = korean ? `${inline(call.name)} ${target}의 결과입니다.` : `${inline(call.name)} ${target} gave this.`
  return text
    ? `${head.replace(/\s+/g, ' ')}\n\n${fenced(beginning(text))}`
    : `${head.replace(/\s+/g, ' ')} ${korean ? '출력은 없습니다.' : 'There was no output.'}`
}

/** The passages with the numbers they are cited by. */
function fromDocuments(text: string, korean: boolean): string {
  const passages = text.split(/\n(?=\s*\[\d+\])/).flatMap((part) => /^\s*\[(\d+)\]\s*([\s\S]+)$/.exec(part)?.slice(1) ?? [])
  const cited: string[] = []
  for (let at = 0; at + 1 < passages.length && cited.length < 3; at += 2) {
    const said = (passages[at + 1] ?? '').replace(/\s+/g, ' ').trim().slice(0, 240)
    cited.push(`- ${said} [${passages[at]}]`)
  }
  if (cited.length === 0)
    return korean
      ? `문서에서 찾은 내용입니다.\n\n${fenced(beginning(text))}`
      : `This is what the documents say.\n\n${fenced(beginning(text))}`
  return `${korean ? '문서에 이렇게 나와 있습니다.' : 'The documents say:'}\n\n${cited.join('\n')}`
}

function failed(call: Done, korean: boolean): string {
  const why = inline(call.result.trim().slice(0, 300) || '?')
  const head = `${inline(call.name)} ${targetOf(call)}`.trim()
  return korean ? `${head}: 되지 않았습니다. ${why}` : `${head} did not work: ${why}`
}

/** What came of the calls, in a few lines. */
export function report(done: Done[], korean: boolean): string {
  return done.map((call) => (call.failed ? failed(call, korean) : fine(call, korean))).join('\n\n')
}

const names: Record<Wish['kind'], [string, string]> = {
  list: ['list files', '파일 목록을 볼'],
  read: ['read files', '파일을 읽을'],
  write: ['write files', '파일을 쓸'],
  edit: ['edit files', '파일을 고칠'],
  delete: ['delete files', '파일을 지울'],
  run: ['run commands', '명령을 실행할'],
  search: ['search files', '파일에서 찾을'],
  documents: ['search documents', '문서에서 찾을'],
  fetch: ['fetch pages', '웹 페이지를 가져올'],
  builds: ['read builds', '빌드를 볼'],
  log: ['read logs', '로그를 볼'],
  projects: ['list projects', '프로젝트를 볼'],
  tool: ['call that', '그것을 호출할'],
}

/** Says which wishes no tool here can fulfil. */
export function cannot(wishes: Wish[], korean: boolean): string {
  const lines = [...new Set(wishes.map((wish) => (wish.kind === 'tool' ? `tool ${wish.name}` : wish.kind)))].map((kind) => {
    const wish = wishes.find((one) => one.kind === kind || kind.startsWith('tool ')) as Wish
    const name = wish.kind === 'tool' ? ` (${inline(wish.name)})` : ''
    return korean ? `여기에는 ${names[wish.kind][1]} 도구가 없습니다${name}.` : `I have no tool here to ${names[wish.kind][0]}${name}.`
  })
  return lines.join(' ')
}
