import type { Line, LineRule, Severity } from './types.ts'

/** What a client sent, as it is written where it is used at once. */
export const fromRequest =
  /\b(?:c|ctx|context)\.req\b|\breq(?:uest)?\.(?:body|query|params?|headers?|url|cookies|path|json|text)\b|\b(?:params|query|searchParams)\s*[.[]/
/** The same, and names that such things are given. */
const likelyFromRequest = new RegExp(`${fromRequest.source}|\\b(?:input|body|query|params?|payload)\\b`)

const gravest = (line: Line, otherwise: Severity): Severity => (likelyFromRequest.test(line.code + line.rest) ? 'critical' : otherwise)

/** What stands between the brackets of a call that begins at the end of `before`; up to the end of the statement. */
function argumentsOf(line: Line, call: RegExp): string | null {
  const found = call.exec(line.code)
  return found ? (line.code.slice(found.index + found[0].length) + line.rest).trim() : null
}

/** Nothing but one string without holes. */
const isLiteral = (text: string): boolean => /^(?:'\s*'|"\s*"|`\s*`)\s*(?:,?\s*\)|;|$)/.test(text) || /^\)/.test(text)
const isBuilt = (text: string): boolean => text.includes('${') || /['"`]\s*\+|\+\s*['"`]/.test(text)
const escaped = /escape|sanitize|encode|purify/i

function evaluates(line: Line): Severity | false {
  const given = argumentsOf(line, /(?<![.\w$])(?:eval|new\s+Function)\s*\(/)
  if (given === null) return false
  return isLiteral(given) ? 'medium' : gravest(line, 'high')
}

function runsCommand(line: Line): Severity | false {
  if (!line.file.names.has('child_process')) return false
  const given = argumentsOf(line, /(?<![.\w$])(?:exec|execSync)\s*\(/) ?? (/shell:\s*true/.test(line.code) ? line.code : null)
  if (given === null || isLiteral(given)) return false
  return isBuilt(given) || likelyFromRequest.test(given) ? gravest(line, 'high') : false
}

const statement = /\b(?:SELECT\s.{1,300}\sFROM|INSERT\s+INTO|UPDATE\s.{1,200}\sSET|DELETE\s+FROM|DROP\s+TABLE)\b/
const asked = /\.(?:query|exec|execute|prepare|run|all|raw)\s*\(/

function buildsQuery(line: Line): Severity | false {
  if (!statement.test(line.raw) && !(asked.test(line.code) && new RegExp(statement.source, 'i').test(line.raw))) return false
  if (/\b(?:sql|Prisma\.sql|\$queryRaw|\$executeRaw)\s*`/.test(line.code)) return false
  return isBuilt(line.code) ? gravest(line, 'high') : false
}

function writesMarkup(line: Line): boolean {
  const set = /\.(?:innerHTML|outerHTML)\s*\+?=(?!=)/.exec(line.code)
  const given = set
    ? (line.code.slice(set.index + set[0].length) + line.rest).trim()
    : argumentsOf(line, /\.insertAdjacentHTML\s*\([^,]*,|\bdocument\.write(?:ln)?\s*\(|\bdangerouslySetInnerHTML\b/)
  return given !== null && !isLiteral(given) && !escaped.test(given)
}

function answersMarkup(line: Line): boolean {
  const given = argumentsOf(line, /\.(?:html|send)\s*\(/)
  return given !== null && !line.file.client && isBuilt(given) && likelyFromRequest.test(given) && !escaped.test(given)
}

const serverCall = (call: RegExp) => (line: Line) => {
  const given = line.file.client ? null : argumentsOf(line, call)
  return given !== null && fromRequest.test(given) && !/\bbasename\s*\(/.test(given)
}

/** Rules about lines where a value turns into something that is run, asked or gone to. */
export const injectionRules: readonly LineRule[] = [
  {
    severity: 'high',
    category: 'security',
    line: evaluates,
    en: [
      'Text is run as code',
      'What stands in the argument is run with all rights of the app.',
      'Read the value with a parser of its own, or choose among known functions by name.',
    ],
    ko: [
      '텍스트를 코드로 실행합니다',
      '인수로 들어온 내용이 앱의 모든 권한으로 실행됩니다.',
      '전용 파서로 값을 읽거나, 정해진 함수 중에서 이름으로 고르세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: runsCommand,
    en: [
      'A shell command is put together from values',
      'A value that holds a quote or a semicolon becomes a command of its own.',
      'Use execFile or spawn with a list of arguments and no shell.',
    ],
    ko: [
      '값을 이어 붙여 셸 명령을 만듭니다',
      '값에 따옴표나 세미콜론이 있으면 별도의 명령으로 실행됩니다.',
      '셸 없이 execFile이나 spawn에 인수 목록을 넘기세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: buildsQuery,
    en: [
      'A database query is put together from values',
      'A value can change what the query does, and so read or destroy other records.',
      'Hand values over as parameters of the query.',
    ],
    ko: [
      '값을 이어 붙여 데이터베이스 질의를 만듭니다',
      '값이 질의의 뜻을 바꿔 다른 기록을 읽거나 지울 수 있습니다.',
      '값은 질의의 매개변수로 넘기세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: writesMarkup,
    en: [
      'Data becomes markup of the page',
      'A value that holds a tag runs as a script in the browser of whoever looks at it.',
      'Set textContent, or make elements and give them the text.',
    ],
    ko: [
      '데이터가 페이지의 마크업이 됩니다',
      '값에 태그가 있으면 보는 사람의 브라우저에서 스크립트로 실행됩니다.',
      'textContent를 쓰거나, 요소를 만들어 텍스트를 넣으세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: answersMarkup,
    en: [
      'A request comes back as markup',
      'Whoever makes somebody follow a link runs a script on this site in their name.',
      'Escape the value before it becomes HTML.',
    ],
    ko: [
      '요청 내용이 그대로 마크업으로 돌아옵니다',
      '링크를 누르게 만든 사람이 이 사이트에서 스크립트를 실행할 수 있습니다.',
      'HTML로 만들기 전에 값을 이스케이프하세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: serverCall(
      /\b(?:join|resolve|readFile|readFileSync|createReadStream|sendFile|writeFile|writeFileSync|unlink|unlinkSync|rm|rmSync)\s*\(/,
    ),
    en: [
      'A request chooses a path on disk',
      'With ".." in it the path leads out of the folder that was meant.',
      'Choose among known names, or check that the resolved path stays inside the folder.',
    ],
    ko: [
      '요청이 디스크의 경로를 정합니다',
      '경로에 ".."이 있으면 의도한 폴더 밖으로 나갑니다.',
      '정해진 이름 중에서 고르거나, 풀어낸 경로가 폴더 안인지 확인하세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: serverCall(/\b(?:fetch|https?\.(?:get|request)|axios(?:\.\w+)?)\s*\(/),
    en: [
      'A request chooses where the server calls',
      'The server can be made to ask addresses that only it can reach.',
      'Call known addresses alone.',
    ],
    ko: ['요청이 서버가 호출할 주소를 정합니다', '서버만 닿을 수 있는 주소를 호출하게 만들 수 있습니다.', '정해진 주소만 호출하세요.'],
  },
  {
    severity: 'medium',
    category: 'security',
    line: serverCall(/\.redirect\s*\(/),
    en: [
      'A request chooses where it is sent on to',
      'A link to this site can lead anywhere, and looks trustworthy.',
      'Send on to paths of this site alone.',
    ],
    ko: [
      '요청이 이동할 주소를 정합니다',
      '이 사이트의 링크처럼 보이지만 다른 곳으로 갈 수 있습니다.',
      '이 사이트의 경로로만 이동시키세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'security',
    line: serverCall(/\bnew\s+RegExp\s*\(/),
    en: [
      'A request becomes a regular expression',
      'One that takes exponential time stops the whole app.',
      'Search with includes, or escape the text first.',
    ],
    ko: [
      '요청이 정규 표현식이 됩니다',
      '오래 걸리는 식 하나로 앱 전체가 멈출 수 있습니다.',
      'includes로 찾거나, 먼저 텍스트를 이스케이프하세요.',
    ],
  },
]
