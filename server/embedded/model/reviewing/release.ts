import type { Code, ReleaseRule } from './types.ts'

const scripts = (files: readonly Code[]) => files.filter(({ kind, test }) => kind === 'script' && !test)
const servers = (files: readonly Code[]) => scripts(files).filter(({ client }) => !client)

/** The first line of some files that a pattern strikes. */
function first(files: readonly Code[], pattern: RegExp, of: 'code' | 'raw' = 'code'): { path: string; line: number }[] {
  for (const file of files) {
    const at = file[of].findIndex((line) => pattern.test(line))
    if (at >= 0) return [{ path: file.path, line: at + 1 }]
  }
  return []
}

const says = (files: readonly Code[], pattern: RegExp) => files.some(({ text }) => pattern.test(text))

const readsBody = /\.req\.(?:json|text|parseBody|formData|arrayBuffer|blob)\s*\(|\breq(?:uest)?\.on\s*\(|for\s+await\s*\([^)]*\breq/
const bodyBound = /bodyLimit|body-limit|maxBody|content-length|maxSize|\blimit:\s*['"\d]|\b413\b/i
const changes = /\.(?:post|put|patch|delete)\s*\(/
const asksWho = /\bauth|session|login|sign-?in|passw|bearer|jwt|cookie/i

/** Files below `src/` and `public/` whose name no other file says. */
function unused(files: readonly Code[]): { path: string; line: null }[] {
  return files
    .filter(({ path, test }) => !test && /^(?:src|public)\/.*\.(?:[cm]?js|css)$/.test(path))
    .filter(({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      return !files.some((other) => other.path !== path && other.text.includes(name))
    })
    .map(({ path }) => ({ path, line: null }))
}

const longFunction = 80
const longFile = 600

/** Functions that go on for long: from a line that opens one to the line that closes it, by indentation. */
function longFunctions(files: readonly Code[]): { path: string; line: number }[] {
  return scripts(files).flatMap(({ path, code }) =>
    code.flatMap((line, at) => {
      const indent = /^(\s*)(?:export\s+)?(?:async\s+)?function\b.*\{\s*$/.exec(line)?.[1]
      if (indent === undefined) return []
      const length = code.slice(at, at + longFile).findIndex((later) => later.startsWith(`${indent}}`))
      return length > longFunction ? [{ path, line: at + 1 }] : []
    }),
  )
}

const pages = (files: readonly Code[]) => files.filter(({ kind }) => kind === 'page')

/** Rules about a release as a whole. */
export const releaseRules: readonly ReleaseRule[] = [
  {
    severity: 'medium',
    category: 'security',
    release: (files) => (says(servers(files), bodyBound) ? [] : first(servers(files), readsBody)),
    en: [
      'Nothing bounds what a client may send',
      'A body of any size is read into memory; a few large ones end the app.',
      'Refuse bodies over a size that suffices, with 413.',
    ],
    ko: [
      '요청 본문의 크기를 제한하지 않습니다',
      '어떤 크기든 메모리로 읽으므로 큰 요청 몇 개로 앱이 꺼질 수 있습니다.',
      '충분한 크기를 정해 넘으면 413으로 거절하세요.',
    ],
  },
  {
    severity: 'info',
    category: 'security',
    release: (files) => (says(servers(files), asksWho) ? [] : first(servers(files), changes)),
    en: [
      'Whoever reaches the app may change its records',
      'No route asks who is there. That may be what is wanted: the issue decides.',
      'If not everybody may, let only members of the service in, or add a sign-in.',
    ],
    ko: [
      '앱에 닿는 누구나 기록을 바꿀 수 있습니다',
      '누구인지 묻는 경로가 없습니다. 의도한 것일 수 있으니 이슈를 확인하세요.',
      '아니라면 서비스의 구성원만 들어오게 하거나 로그인을 추가하세요.',
    ],
  },
  {
    severity: 'low',
    category: 'security',
    release: (files) => first(pages(files), /<[a-z][^<>]{0,500}\son[a-z]{3,20}\s*=|<script(?![^<>]{0,300}\ssrc)[^<>]{0,300}>/i, 'raw'),
    en: [
      'A script stands inside the page',
      'A policy that forbids inline scripts, the best guard against foreign ones, cannot be used.',
      'Move it to a file of its own.',
    ],
    ko: [
      '페이지 안에 스크립트가 있습니다',
      '인라인 스크립트를 막는 정책을 쓸 수 없어 외부 스크립트 방어가 약해집니다.',
      '별도의 파일로 옮기세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'security',
    release: (files) => first(pages(files), /<script(?![^<>]{0,400}integrity)[^<>]{0,300}\ssrc\s*=\s*["']?(?:https?:)?\/\//i, 'raw'),
    en: [
      'A script of somebody else runs unchecked',
      'Whoever controls that address controls this page.',
      'Serve a copy, or name its digest in integrity.',
    ],
    ko: [
      '다른 곳의 스크립트를 확인 없이 실행합니다',
      '그 주소를 가진 사람이 이 페이지를 마음대로 할 수 있습니다.',
      '사본을 직접 제공하거나 integrity에 해시를 적으세요.',
    ],
  },
  {
    severity: 'low',
    category: 'quality',
    release: (files) => unused(files),
    en: ['No other file names this one', 'It looks as if nothing used it.', 'Remove it, or import it where it is needed.'],
    ko: ['다른 파일에서 쓰이지 않는 파일입니다', '아무 데서도 쓰지 않는 것으로 보입니다.', '지우거나, 필요한 곳에서 불러오세요.'],
  },
  {
    severity: 'low',
    category: 'quality',
    release: (files) =>
      files.some(({ test }) => test)
        ? []
        : servers(files)
            .slice(0, 1)
            .map(({ path }) => ({ path, line: null })),
    en: ['The app has no tests of its own', 'Later changes will break things that nobody notices.', 'Add a test for each rule of the app.'],
    ko: ['앱 자체의 테스트가 없습니다', '나중에 바꿀 때 망가져도 알아차리기 어렵습니다.', '앱의 규칙마다 테스트를 추가하세요.'],
  },
  {
    severity: 'info',
    category: 'quality',
    release: longFunctions,
    en: [
      'A function of many lines',
      `It goes on for more than ${longFunction} lines, which is hard to keep in mind.`,
      'Give its parts names of their own.',
    ],
    ko: ['함수가 깁니다', `${longFunction}줄이 넘어 한눈에 파악하기 어렵습니다.`, '부분마다 이름을 붙여 나누세요.'],
  },
  {
    severity: 'info',
    category: 'quality',
    release: (files) =>
      scripts(files)
        .filter(({ code }) => code.length > longFile)
        .map(({ path }) => ({ path, line: null })),
    en: ['A file of many lines', `It has more than ${longFile} lines, which is hard to find one's way in.`, 'Split it by concern.'],
    ko: ['파일이 깁니다', `${longFile}줄이 넘어 찾아보기 어렵습니다.`, '관심사별로 나누세요.'],
  },
]
