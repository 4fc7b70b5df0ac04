import { koreanNoun, nounPhrase } from './phrases.ts'

/** The thing that an issue's title names. */

const genericWord =
  /^(?:app|apps|application|web|webapp|website|site|page|system|service|tool|platform|program|software|manager|management|tracker|tracking|organizer|organiser|planner|catalog|catalogue|database|directory|register|registry|api|rest|crud|dashboard|mvp|simple|small|tiny|minimal|basic|log|logger|board|list|lists|book|keeper|keeping|finder|viewer|editor|collection|feature|request|demo|prototype|project|online|internal|new|a|an|the|our|my|your|for|of|to|and|with|build|create|make|add|implement|develop|write|need|want|track|manage|keep|store|please|support|let|us|users?|team|teams|personal|shared|family|office|company|something|anything|cool|awesome|nice|great|stuff|thing|things)$/i
const koreanGeneric =
  /^(?:앱|웹앱|웹|어플|애플리케이션|시스템|서비스|프로그램|사이트|페이지|관리|관리기|관리자|목록|리스트|게시판|만들기|개발|구현|기능|추가|요청|등록|트래커|도구|플랫폼|간단한|작은|우리|팀|나의|내|개인|온라인|API|CRUD|웹사이트|홈페이지|대장|장부|보드)$/i

/** The last telling noun of the part before "for …"; null where the title has none. */
export function thingOfTitle(title: string, language: 'en' | 'ko'): string | null {
  const text = title
    .replace(/^\s*(?:\[[^\]]{1,40}\]|(?:feature(?: request)?|feat|bug|task|story|idea|epic|chore)\s*:)\s*/i, '')
    .slice(0, 200)
  if (language === 'ko') {
    const words = text.replace(/할 일/g, '할일').split(/\s+/)
    const kept = words.filter((word) => !koreanGeneric.test(word) && /\p{L}/u.test(word))
    return koreanNoun(kept.at(-1) ?? '') ?? null
  }
  const [main = ''] = text.split(/\s(?:for|so|that|with|where|after|before|in|on|at|by|from|using|which|when)\s|[:,(–]/i)
  const words = main.split(/[\s/]+/).map((word) => word.replace(/[^\p{L}\p{N}'-]/gu, '').replace(/'s$/, ''))
  const telling = words.filter((word) => word !== '' && !genericWord.test(word))
  const head = telling.at(-1)
  if (!head) return null
  if (/^[\p{ASCII}]+$/u.test(head)) return nounPhrase(head)?.noun ?? null
  return telling.slice(0, 2).join(' ')
}
