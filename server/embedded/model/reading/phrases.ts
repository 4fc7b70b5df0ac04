import { withoutParticle } from './korean.ts'

/** Verbs and the noun phrase after them, English and Korean. */

export type Deed = 'create' | 'list' | 'update' | 'delete'

export interface Phrase {
  deed: Deed | null
  /** The thing's words as written, without articles: "blog posts". */
  noun: string
  /** What follows the phrase. */
  rest: string
}

const deeds: [Deed, string][] = [
  [
    'create',
    'add adds adding create creates creating make new register registering record recording log logging enter save saving submit submitting post posting upload write store keep track schedule plan book collect publish insert input define track',
  ],
  ['list', 'list listing show shows see view browse display read look manage managing organize organise'],
  ['update', 'edit editing update updating change changing modify rename correct'],
  ['delete', 'delete deleting remove removing cancel cancelling canceling archive drop discard'],
]
const deedOf = new Map(deeds.flatMap(([deed, verbs]) => verbs.split(' ').map((verb): [string, Deed] => [verb, deed])))

const skipped = new Set(
  `a an the new my our your their his her its each every all any some existing own single simple small tiny quick one several multiple many more other another
   of list lists collection track down up keep keeping record records all basic quickly easily personal private shared full complete saved stored able also and or then to
   crud manage tiny minimal old given selected specific particular individual`.split(/\s+/),
)
const stops = new Set(
  `for in with that which who whom to by from at on into via as when where so is are was were has have had per using without if than because while after before can could
   should must will may be not of about like only then but including include includes within through over under it them they we i you he she and or there here`.split(
    /\s+/,
  ),
)
const noThing = new Set(
  `it one ones them thing things app application page pages data information button form way ability list view website site system tool feature features user-friendly
   everything anything something nothing time day lot support option options screen ui api endpoint database server service web interface field fields value values
   issue problem overview error errors message change changes count counts number click result results order line detail details record entry item's above below json html css tests test readme
   file files folder code function class script instruction instructions prompt secret secrets token password passwords key keys access sure use idea example`.split(
    /\s+/,
  ),
)

function clean(word: string): string {
  return word.replace(/^["'`(]+|["'`).!?]+$/g, '').replace(/'s$/, '')
}

/**
 * The noun phrase that `text` starts with: determiners off, up to three words, ended by a preposition or punctuation.
 * `sure` takes any noun, for a subject that a list of fields already marks as a thing.
 */
export function nounPhrase(text: string, sure = false): { noun: string; rest: string } | null {
  const words = text.trim().split(' ')
  const found: string[] = []
  let at = 0
  for (; at < words.length && found.length < 4; at++) {
    const raw = words[at] ?? ''
    const word = clean(raw)
    const lower = word.toLowerCase()
    if (found.length === 0 && skipped.has(lower)) continue
    if (stops.has(lower) || /^[(–:=>-]/.test(raw) || !/^\p{L}[\p{L}\p{N}'-]*$/u.test(word.replace(/[,;:]$/, ''))) break
    found.push(word.replace(/[,;:]$/, ''))
    if (/[,;:.!?)]$/.test(raw)) {
      at++
      break
    }
  }
  if (found.length === 0 || found.length > 3) return null
  const last = (found.at(-1) ?? '').toLowerCase()
  if (!sure && noThing.has(last)) return null
  if (sure && /^(?:it|one|ones|them|app|application|page|system|site|website|tool|service)$/.test(last)) return null
  if (!sure && deedOf.has(last) && found.length === 1 && !/s$/.test(last)) return null
  return { noun: found.join(' '), rest: words.slice(at).join(' ') }
}

const story =
  /^(?:as (?:an?|the) [^,]{1,60}?,? )?(?:i|we|users?|people|anyone|everyone|admins?|(?:the )?(?:app|system)|you|team members?|it)?\s*(?:would like to|want(?:s)? (?:to be able )?to|wants? to|need(?:s)? to|can|should be able to|should|must|may|will|shall|could|be able to|able to|lets? (?:users|me|us|people|you))\s+/i

/** "`POST /api/notes` creates …" */
const address = /^`?(?:GET|POST|PUT|PATCH|DELETE)\s+\/\S{1,200}\s*(?:[-–:→=>]{1,2}\s*)?/
/** "A page where I can add …" */
const inClause =
  /^.{1,80}?\b(?:where|that lets?|which lets?|so that|and)\s+(?:i|we|me|us|users?|people|you|everyone|anyone)\s+(?:(?:can|could|may|should be able to|want to|need to)\s+)?/i

/** The deed and the thing of an English sentence that starts with a verb, or says who can do it. Several verbs may share one thing. */
export function englishPhrase(sentence: string): (Phrase & { deeds: Deed[] }) | null {
  const told = sentence.replace(address, '').replace(story, '').trim()
  const plain = told.replace(/^(?:i|we|users?|people|visitors?|customers?|they|you|everyone|(?:the|our) team)\s+/i, '')
  const within = told.replace(inClause, '')
  const text = [plain, within].find((one) => deedOf.has(clean(one.split(' ')[0] ?? '').toLowerCase())) ?? told
  const words = text.split(' ')
  const found: Deed[] = []
  let at = 0
  for (; at < words.length && at < 10; at++) {
    const word = clean(words[at] ?? '')
      .toLowerCase()
      .replace(/[,/]$/, '')
    const parts = word.split('/')
    const deed = deedOf.get(word) ?? (parts.length > 1 ? deedOf.get(parts[0] ?? '') : undefined)
    if (deed) {
      for (const part of parts) found.push(deedOf.get(part) ?? deed)
      continue
    }
    if (found.length > 0 && /^(?:and|or|&|then|also|,)$/.test(word)) continue
    break
  }
  if (found.length === 0) return null
  const noun = nounPhrase(words.slice(at).join(' '))
  return noun ? { deed: found[0] ?? null, deeds: found, ...noun } : null
}

const koreanDeeds: [Deed, RegExp][] = [
  ['create', /(?:만들|추가|등록|생성|작성|입력|기록|저장|신청(?:하|할|한다)|올리|올릴|쓰기|적기|담기)/],
  ['update', /(?:수정|편집|변경|고치|고칠|바꾸|바꿀)/],
  ['delete', /(?:삭제|취소|제거|지우|지울|해지|없애)/],
  ['list', /(?:목록|리스트|보기|조회|확인|보여|열람|관리|볼 수)/],
]
const koreanSkipped = new Set(
  '새 새로운 각 각각의 모든 우리 우리가 팀 내 나의 제 그 이 저 하나의 여러 간단한 개별 매 작은 개인 전체 기존 기존의 같은 해당 사용자가 사용자는 누구나 관리자는 관리자가 저는 나는 회원은 회원이 직원은 직원이 학생은 팀원이 팀원은 앱에서 앱은 웹에서 화면에서 먼저 그리고 또는 또한 및 다시 쉽게 빠르게 간단히 간단하게 직접 언제든 상세 신규'.split(
    ' ',
  ),
)
const koreanNoThing = new Set(
  '앱 웹앱 페이지 화면 기능 시스템 프로그램 서비스 사이트 데이터 정보 목록 버튼 것 수 등 때 경우 오류 결과 필드 값 조건 내용 검색 필터 정렬 엑셀 노트 종이 종이에 손 시간'.split(
    ' ',
  ),
)

/** The noun that a run of Korean words ends in, at most two words of it. */
function koreanNoun(run: string): string | null {
  const words = run
    .trim()
    .replace(/할 일/g, '할일')
    .split(/\s+/)
    .filter((word) => word !== '' && !koreanSkipped.has(word))
  const last = withoutParticle((words.at(-1) ?? '').replace(/["'`]/g, ''))
  if (!/^[\p{L}\p{N}]{1,12}$/u.test(last) || !/\p{L}/u.test(last) || koreanNoThing.has(last)) return null
  if (/(?:하다|합니다|니다|하는|한다|해서|하고|하면|려고|에서)$/.test(last)) return null
  return last
}

/** `<thing> <deed>` at the start of a Korean line, or `<thing>을 <deed>` in a sentence. */
export function koreanPhrase(sentence: string): (Phrase & { deeds: Deed[] }) | null {
  const text = sentence.replace(/할 일/g, '할일')
  const first = koreanDeeds
    // A line may start with a noun that is also a deed: what it names stands before the deed.
    .map(([deed, words]) => ({ deed, at: text.slice(1).search(words) + 1 }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => a.at - b.at)
  const start = first[0]
  if (!start || start.at > 60) return null
  const before = text
    .slice(0, start.at)
    .replace(/\([^()]*\)/g, '')
    .replace(/[,·/]\s*$/, '')
  const object = /([\p{L}\p{N}]+)[을를]\s*(?:[가-힣]+(?:게|히)\s*)?$/u.exec(before)
  const noun = object?.[1] ? koreanNoun(object[1]) : koreanNoun(before)
  if (!noun) return null
  const rest = text.slice(start.at).replace(/^[가-힣]+(?:\s?(?:하기|수 있다|수 있어야 한다))?/, '')
  return { deed: start.deed, deeds: first.map(({ deed }) => deed), noun, rest: rest.trim() }
}

export { koreanNoun }
