/** What somebody asks to have done, read from the words of one message: English and Korean, several in one sentence. */

export type Wish =
  | { kind: 'list'; path: string }
  | { kind: 'read' | 'delete'; path: string }
  | { kind: 'write'; path: string; content: string }
  | { kind: 'edit'; path: string; old: string; new: string }
  | { kind: 'run'; command: string }
  | { kind: 'search' | 'documents'; text: string }
  | { kind: 'fetch'; url: string }
  | { kind: 'builds' | 'log'; service: string }
  | { kind: 'projects' }
  | { kind: 'tool'; name: string; input: Record<string, unknown> }

type Groups = Record<string, string | undefined>
interface Pattern {
  /** Global, with named groups. */
  find: RegExp
  wish(groups: Groups): Wish | null
}

const file = String.raw`[\x60"'“‘]?(?<path>(?:[\p{L}\p{N}_.~-]*\/)*[\p{L}\p{N}_~-]*\.?[\p{L}\p{N}_-]*\.[\p{L}\p{N}]{1,12}|(?:[\p{L}\p{N}_.~-]+\/)+[\p{L}\p{N}_.~-]+|README|LICENSE|Makefile|Dockerfile)[\x60"'”’]?`
/** Korean particles follow a name without a space; a name's own last letters are not theirs. */
const koreanFile = String.raw`[\x60"'“‘]?(?<path>[A-Za-z0-9_.~/-]*[A-Za-z0-9_-]\.[A-Za-z0-9]{1,12}|[A-Za-z0-9_.~-]+\/[A-Za-z0-9_.~/-]+)[\x60"'”’]?`
const quoted = (name: string) =>
  String.raw`(?:\x60(?<${name}1>[^\x60]{1,2000})\x60|"(?<${name}2>[^"]{1,2000})"|“(?<${name}3>[^”]{1,2000})”|'(?<${name}4>[^']{1,2000})')`
const before = String.raw`(?=\s*(?:[,;]?\s+(?:and\s+then|then|and\s+(?:run|read|list|search|edit|delete|fetch|write|call))\b|\n|$))`
const pattern = (source: string, flags = 'giu') => new RegExp(source, flags)

function one(groups: Groups, name: string): string {
  return groups[name] ?? [1, 2, 3, 4].map((at) => groups[`${name}${at}`]).find((text) => text !== undefined) ?? ''
}

/** A text as it was meant: without the quotes that hold it, and with `\n` as line ends. */
function contentOf(text: string): string {
  const trimmed = text.trim()
  const held = /^(["'`“])([\s\S]*)(["'`”])$/.exec(trimmed)
  return (held?.[2] ?? trimmed).replaceAll('\\n', '\n')
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const toolWish = (groups: Groups): Wish | null => {
  const input = groups.json ? jsonOf(groups.json) : {}
  return input && { kind: 'tool', name: groups.name ?? '', input }
}
const writeWish = ({ path = '', fenced, line, ...rest }: Groups): Wish => ({
  kind: 'write',
  path,
  content: fenced ?? contentOf(line ?? one(rest, 'text')),
})
const editWish = (groups: Groups): Wish => ({ kind: 'edit', path: groups.path ?? '', old: one(groups, 'old'), new: one(groups, 'new') })
const word = (name: string) => String.raw`(?:${quoted(name)}|(?<${name}>\S+?))`

/** In this order: what a longer pattern took is not read again, so that a file's content is never taken for a wish. */
const patterns: Pattern[] = [
  { find: pattern(String.raw`\b(?<name>mcp__[\w-]+__[\w.-]+)\b\s*(?:with|을|를|도구를|호출|:)?\s*(?<json>\{[^\n]*\})?`), wish: toolWish },
  {
    find: pattern(String.raw`\b(?:use|call) the tool [\x60"]?(?<name>\w{2,100})[\x60"]?(?:\s*(?:with|:)\s*(?<json>\{[^\n]*\}))?`),
    wish: toolWish,
  },
  {
    find: pattern(
      String.raw`\b(?:write|create|make|save|put)\s+(?:(?:a|the|an|new|file|called|named|it|this|to|into)\s+){0,5}${file}\s*(?::|,?\s+(?:with|containing|saying)(?:\s+(?:the|this|content|contents|text|words))*\s*:?)\s*(?:\n?\x60{3}[^\n]*\n(?<fenced>[\s\S]*?)\x60{3}|(?<line>[^\n]+?)${before})`,
    ),
    wish: writeWish,
  },
  {
    find: pattern(
      String.raw`${koreanFile}\s*(?:파일)?(?:에|을|를)?\s*(?:다음 내용(?:으로|을)?\s*)?(?:써|쓰|작성|저장|만들)[^\n:]{0,20}:\s*(?:\n?\x60{3}[^\n]*\n(?<fenced>[\s\S]*?)\x60{3}|(?<line>[^\n]+))`,
    ),
    wish: writeWish,
  },
  {
    find: pattern(
      String.raw`${koreanFile}\s*(?:파일)?에\s*(?:${quoted('text')}|(?<line>[^\n]{1,2000}?))\s*(?:이)?(?:라고|라는 내용(?:을|으로)?|을|를|고)?\s*(?:써|쓰|적어|적고|작성|저장|넣어)`,
    ),
    wish: writeWish,
  },
  {
    find: pattern(
      String.raw`\b(?:edit|change|in)\s+(?:the file\s+)?${file}\s*[:,]?\s*(?:by |and )?(?:replac(?:e|ing)|chang(?:e|ing))\s+${word('old')}\s+(?:with|by|to|into)\s+${word('new')}(?=[\s,;]|[.!?](?:\s|$)|$)`,
    ),
    wish: editWish,
  },
  {
    find: pattern(String.raw`\b(?:replace|change)\s+${word('old')}\s+(?:with|by|to|into)\s+${word('new')}\s+in\s+(?:the file\s+)?${file}`),
    wish: editWish,
  },
  {
    find: pattern(
      String.raw`${koreanFile}\s*(?:파일)?에서\s*${word('old')}\s*(?:을|를)\s*${word('new')}\s*(?:으로|로)\s*(?:바꿔|바꾸|변경|교체|고쳐|수정)`,
    ),
    wish: editWish,
  },
  {
    find: pattern(String.raw`\b(?:run|execute)(?:\s+(?:the\s+)?(?:command|shell command))?\s*:?\s*${quoted('command')}`),
    wish: (groups) => ({ kind: 'run', command: one(groups, 'command') }),
  },
  {
    find: pattern(String.raw`\b(?:run|execute)\s*:\s*(?<command>[^\n]+?)${before}`),
    wish: (groups) => ({ kind: 'run', command: one(groups, 'command').trim() }),
  },
  {
    find: pattern(String.raw`${quoted('command')}\s*(?:명령(?:어)?)?(?:을|를)?\s*(?:실행|돌려)`),
    wish: (groups) => ({ kind: 'run', command: one(groups, 'command') }),
  },
  { find: pattern(String.raw`실행\s*:\s*(?<command>[^\n]+)`), wish: (groups) => ({ kind: 'run', command: one(groups, 'command').trim() }) },
  {
    find: pattern(
      String.raw`\b(?:fetch|open|get|read|visit|load|look at)\s+(?:the\s+)?(?:page\s+|site\s+)?<?(?<url>https?:\/\/[^\s<>"'\x60]+)`,
    ),
    wish: fetchWish,
  },
  {
    find: pattern(String.raw`<?(?<url>https?:\/\/[^\s<>"'\x60]+?)>?\s*(?:페이지|사이트|주소)?(?:을|를)?\s*(?:가져|열어|읽어|봐|불러|확인)`),
    wish: fetchWish,
  },
  {
    find: pattern(String.raw`\b(?:look up|look for|search(?: for)?|find)\s+${word('text')}\s+in\s+(?:the|my|your)\s+documents?`),
    wish: documentsWish,
  },
  {
    find: pattern(String.raw`\b(?:look up|search|find)\s+(?<text>[^\n.?!]{2,200}?)\s+in\s+(?:the|my|your)\s+documents?`),
    wish: documentsWish,
  },
  {
    find: pattern(String.raw`\bsearch\s+(?:the|my|your)\s+documents?\s+for\s+(?:${quoted('text')}|(?<text>[^\n.?!,;]{1,200}))`),
    wish: documentsWish,
  },
  {
    find: pattern(
      String.raw`문서(?:들)?에서\s*(?:${quoted('text')}|(?<text>[^\n.?!]{1,200}?))\s*(?:을|를|에 대해|에 관해)?\s*(?:찾아|검색|알아)`,
    ),
    wish: documentsWish,
  },
  {
    find: pattern(
      String.raw`\b(?:search|grep|look)\s+(?:(?:in\s+)?(?:the|all|my)\s+(?:files|folder|code)\s+)?for\s+(?:${quoted('text')}|(?<text>[^\n,;?!]+?))(?=\s+in\s+(?:the|all|my)\s+(?:files|folder|code)|\s+and\s|\s+then\s|[\n,;?!]|\.?\s*$)`,
    ),
    wish: searchWish,
  },
  {
    find: pattern(String.raw`\bfind\s+(?:${quoted('text')}|(?<text>\S+))\s+in\s+(?:the|all|my)\s+(?:files|folder|code)`),
    wish: searchWish,
  },
  { find: pattern(String.raw`(?:파일(?:들)?에서\s*)(?:${quoted('text')}|(?<text>\S+?))\s*(?:을|를)?\s*(?:찾아|검색)`), wish: searchWish },
  { find: pattern(String.raw`${quoted('text')}\s*(?:을|를)?\s*(?:찾아|검색)`), wish: searchWish },
  {
    find: pattern(String.raw`\bbuilds?\s+of\s+[\x60"']?(?<service>[a-z0-9][a-z0-9-]*)`),
    wish: ({ service = '' }) => ({ kind: 'builds', service }),
  },
  {
    find: pattern(String.raw`[\x60"']?(?<service>[a-z0-9][a-z0-9-]*)[\x60"']?\s*(?:의|서비스의|프로젝트의)?\s*빌드`),
    wish: ({ service = '' }) => ({ kind: 'builds', service }),
  },
  {
    find: pattern(String.raw`\b(?:logs?|errors?)\s+of\s+[\x60"']?(?<service>[a-z0-9][a-z0-9-]*)`),
    wish: ({ service = '' }) => ({ kind: 'log', service }),
  },
  {
    find: pattern(String.raw`[\x60"']?(?<service>[a-z0-9][a-z0-9-]*)[\x60"']?\s*(?:의|서비스의|프로젝트의)?\s*(?:로그|오류)`),
    wish: ({ service = '' }) => ({ kind: 'log', service }),
  },
  {
    find: pattern(
      String.raw`\b(?:list|show|which|what)\s+(?:me\s+)?(?:are\s+)?(?:all\s+)?(?:the|my|your)?\s*projects\b|프로젝트\s*(?:목록|들을|를 보여|를 나열)`,
    ),
    wish: () => ({ kind: 'projects' }),
  },
  { find: pattern(String.raw`\b(?:delete|remove)\s+(?:the file\s+)?${file}`), wish: ({ path = '' }) => ({ kind: 'delete', path }) },
  {
    find: pattern(String.raw`${koreanFile}\s*(?:파일)?(?:을|를)?\s*(?:삭제|지워|제거)`),
    wish: ({ path = '' }) => ({ kind: 'delete', path }),
  },
  {
    find: pattern(
      String.raw`\b(?:list|show)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:the\s+|my\s+|your\s+)?files(?:\s+(?:in|under|below)\s+[\x60"']?(?<path>(?!the\b|this\b|my\b|your\b|it\b)[\p{L}\p{N}_./-]*[\p{L}\p{N}_-]))?|\b(?:what|which) files (?:are|do)\b`,
    ),
    wish: ({ path = '' }) => ({ kind: 'list', path }),
  },
  {
    find: pattern(String.raw`파일(?:들)?(?:의|을|를)?\s*(?:모두\s*|전부\s*|다\s*)?(?:목록|나열|보여)|(?:어떤|무슨) 파일`),
    wish: () => ({ kind: 'list', path: '' }),
  },
  {
    find: pattern(
      String.raw`\b(?:read|open|cat|view|show(?:\s+me)?|look at)\s+(?:the\s+)?(?:file\s+|contents? of\s+)?${file}(?:\s*(?:,|and|,\s*and)\s*[\x60"']?(?<second>[\p{L}\p{N}_./-]+\.[\p{L}\p{N}]{1,12}))?`,
    ),
    wish: readWish,
  },
  { find: pattern(String.raw`${koreanFile}\s*(?:파일)?(?:의 내용)?(?:을|를)?\s*(?:읽|열어|보여|확인)`), wish: readWish },
]

function fetchWish({ url = '' }: Groups): Wish {
  return { kind: 'fetch', url: url.replace(/[.,;:!?)\]]+$/, '') }
}
function documentsWish(groups: Groups): Wish {
  return { kind: 'documents', text: one(groups, 'text').trim() }
}
function searchWish(groups: Groups): Wish {
  return { kind: 'search', text: one(groups, 'text').trim() }
}
function readWish({ path = '' }: Groups): Wish {
  return { kind: 'read', path }
}

const longest = 20_000
const mostWishes = 20

/** The wishes in a text, in its order. */
export function wishesIn(words: string): Wish[] {
  let text = words.slice(0, longest)
  const found: { at: number; wish: Wish }[] = []
  for (const { find, wish } of patterns) {
    text = text.replace(find, (...args) => {
      const groups = args.at(-1) as Groups
      const [whole, at] = [args[0] as string, args.at(-3) as number]
      const made = wish(groups)
      if (!made) return whole
      found.push({ at, wish: made })
      if (groups.second) found.push({ at: at + 1, wish: { kind: 'read', path: groups.second } })
      return ' '.repeat(whole.length)
    })
  }
  return found
    .sort((a, b) => a.at - b.at)
    .slice(0, mostWishes)
    .map(({ wish }) => wish)
}
