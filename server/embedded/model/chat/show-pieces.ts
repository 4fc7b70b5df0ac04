import type { Part } from '../protocol/reply.ts'

/** What a page can draw, one of each, for whoever wants to see it drawn. */

const table = {
  en: '| Part | State | Tests |\n| :-- | :-: | --: |\n| Front page | done | 12 |\n| Search | in work | 7 |\n| Sign-in | planned | 0 |',
  ko: '| 부분 | 상태 | 테스트 |\n| :-- | :-: | --: |\n| 첫 화면 | 완료 | 12 |\n| 검색 | 진행 중 | 7 |\n| 로그인 | 예정 | 0 |',
}
const mermaid = {
  en: '```mermaid\nflowchart LR\n  A[Issue] --> B{Clear?}\n  B -- yes --> C[Build]\n  B -- no --> D[Ask]\n  D --> B\n  C --> E[(Service)]\n```',
  ko: '```mermaid\nflowchart LR\n  A[이슈] --> B{명확한가요?}\n  B -- 예 --> C[빌드]\n  B -- 아니요 --> D[질문]\n  D --> B\n  C --> E[(서비스)]\n```',
}
const math = {
  en: 'The roots of $ax^2 + bx + c = 0$ are\n\n$$\nx_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$\n\nand the sum of the first $n$ numbers is $\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}$.',
  ko: '$ax^2 + bx + c = 0$의 근은 다음과 같습니다.\n\n$$\nx_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$\n\n처음 $n$개 수의 합은 $\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}$입니다.',
}
const code = {
  en: '```ts\n/** The numbers below a limit that only one and themselves divide. */\nexport function primes(limit: number): number[] {\n  const composite = new Set<number>()\n  const found: number[] = []\n  for (let n = 2; n < limit; n++) {\n    if (composite.has(n)) continue\n    found.push(n)\n    for (let multiple = n * n; multiple < limit; multiple += n) composite.add(multiple)\n  }\n  return found\n}\n```\n\n```sh\nnode --eval "console.log(2 ** 10)"\n```',
  ko: '```ts\n/** 한계보다 작은 소수를 찾습니다. */\nexport function primes(limit: number): number[] {\n  const composite = new Set<number>()\n  const found: number[] = []\n  for (let n = 2; n < limit; n++) {\n    if (composite.has(n)) continue\n    found.push(n)\n    for (let multiple = n * n; multiple < limit; multiple += n) composite.add(multiple)\n  }\n  return found\n}\n```',
}
const markdown = {
  en: `# A heading\n\nText with **bold**, *italic*, ~~struck~~ and \`inline code\`, and [a link](https://example.com/).\n\n## A list\n\n1. First\n2. Second\n   - with one below\n3. Third\n\n- [x] done\n- [ ] to do\n\n> A quotation, as somebody said it.\n\n${table.en}\n\n---\n\nThat was the end.`,
  ko: `# 제목\n\n**굵게**, *기울여*, ~~지워서~~ 쓴 글과 \`코드\`, 그리고 [링크](https://example.com/)입니다.\n\n## 목록\n\n1. 첫째\n2. 둘째\n   - 그 아래 하나\n3. 셋째\n\n- [x] 완료\n- [ ] 할 일\n\n> 누군가의 말을 옮겼습니다.\n\n${table.ko}\n\n---\n\n여기까지입니다.`,
}

const pieces: [RegExp, { en: string; ko: string }][] = [
  [/\b(?:mermaid|flow ?chart|diagram)\b|다이어그램|순서도|머메이드/i, mermaid],
  [/\b(?:math|formula|equation|latex)\b|수식|공식|수학/i, math],
  [/\btable\b|표(?:를|로|\s|$)/i, table],
  [/\b(?:code|code block|snippet)\b|코드/i, code],
  [/\bmarkdown\b|마크다운/i, markdown],
]
const wanted = /\b(?:show|give|write|draw|make|display|print|answer|reply)\b|보여|그려|작성|만들어|써/i

/** The pieces that a short message asks to be shown. */
export function showPieces(text: string, korean: boolean): Part[] {
  if (text.length > 300 || !wanted.test(text)) return []
  const found = pieces.filter(([pattern]) => pattern.test(text)).map(([, piece]) => (korean ? piece.ko : piece.en))
  return found.length > 0 ? [{ type: 'text', text: found.join('\n\n') }] : []
}

const most = 50_000
const vocabulary = {
  en: 'the river ran past old mills and quiet fields while people on its banks talked of rain bread and distant towns'.split(' '),
  ko: '강은 오래된 방앗간과 조용한 들을 지나 흐르고 사람들은 비와 빵과 먼 마을을 이야기했다'.split(' '),
}

/** A long answer, word by word: `count to N`, `write N words`. */
export function longAnswer(text: string, korean: boolean): Part[] {
  const count = /\bcount (?:up )?to ([\d,]{1,7})\b/i.exec(text)?.[1] ?? /([\d,]{1,7})\s*까지\s*(?:세|숫자)/.exec(text)?.[1]
  const words =
    /\b(?:write|say|give|produce)\b[^.\n]{0,40}?\b([\d,]{1,7}) words\b/i.exec(text)?.[1] ?? /([\d,]{1,7})\s*(?:단어|낱말)/.exec(text)?.[1]
  const many = Math.min(Number((count ?? words ?? '0').replaceAll(',', '')), most)
  if (many < 1) return []
  const list = korean ? vocabulary.ko : vocabulary.en
  const made = Array.from({ length: many }, (_, at) => (count ? String(at + 1) : (list[at % list.length] ?? '')))
  return [{ type: 'text', text: made.join(' '), words: true }]
}
