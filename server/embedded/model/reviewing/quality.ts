import type { Line, LineRule } from './types.ts'

const remarked = ({ comment }: Line) => comment.trim() !== ''

function swallows(line: Line): boolean {
  if (remarked(line)) return false
  const { code, rest } = line
  if (/\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/.test(code) || /\.catch\s*\(\s*(?:\([^)]*\)|\w+)\s*=>\s*\{\s*\}\s*\)/.test(code)) return true
  return /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*$/.test(code) && /^\s*\}/.test(rest) && !line.file.comments[line.at + 1]?.trim()
}

/** Rules about lines that make code hard to keep. */
export const qualityRules: readonly LineRule[] = [
  {
    severity: 'low',
    category: 'quality',
    line: swallows,
    en: [
      'An error is dropped in silence',
      'Whoever looks for the cause of a fault later finds nothing.',
      'Log it, or say in a comment why it does not matter.',
    ],
    ko: ['오류를 조용히 버립니다', '나중에 원인을 찾을 때 아무 흔적이 없습니다.', '기록을 남기거나, 괜찮은 까닭을 주석으로 적으세요.'],
  },
  {
    severity: 'info',
    category: 'quality',
    alsoTests: true,
    line: ({ comment }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(comment),
    en: ['Something is left to do', 'A comment says that this place is not finished.', 'Finish it, or keep the task where tasks are kept.'],
    ko: ['할 일이 남아 있습니다', '이 부분이 끝나지 않았다는 주석이 있습니다.', '마무리하거나, 할 일 목록으로 옮기세요.'],
  },
  {
    severity: 'low',
    category: 'quality',
    alsoTests: true,
    line: ({ code, file }) => /^\s*debugger\b/.test(code) || (file.test && /\b(?:test|it|describe)\.(?:only|skip)\s*\(/.test(code)),
    en: [
      'Left over from a search for a fault',
      'A debugger statement, or a test that is left out or runs alone, hides what it should show.',
      'Take it out.',
    ],
    ko: ['디버깅 흔적이 남아 있습니다', 'debugger 문이나 건너뛰거나 혼자 실행되는 테스트가 문제를 가립니다.', '지우세요.'],
  },
  {
    severity: 'info',
    category: 'quality',
    line: ({ code }) => /^\s*var\s+\w/.test(code),
    en: ['var, whose names reach further than their block', 'The same name in an inner block is the same variable.', 'Use const or let.'],
    ko: ['var는 블록 밖까지 영향을 줍니다', '안쪽 블록의 같은 이름이 같은 변수가 됩니다.', 'const나 let을 쓰세요.'],
  },
  {
    severity: 'low',
    category: 'quality',
    line: ({ code }) => code.length >= 2_000,
    en: [
      'A line that nobody can read',
      'It is too long to be reviewed; these rules have looked at its beginning only.',
      'Keep the source as it was before it was packed.',
    ],
    ko: ['사람이 읽을 수 없는 줄입니다', '너무 길어 검토할 수 없으며, 앞부분만 살펴봤습니다.', '압축하기 전의 원본을 두세요.'],
  },
]
