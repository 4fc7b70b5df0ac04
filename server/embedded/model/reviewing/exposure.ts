import type { Line, LineRule, Severity } from './types.ts'

const knownSecret =
  /MAESTRO_SECRET_[0-9a-f]{24}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bsk-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{35}\b|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/
const namedSecret = /(?:password|passwd|pwd|secret|token|api_?key|private_?key|credential)s?['"]?\s*[:=]\s*(['"`])([^'"`\s]{8,200})\1/i
const invented =
  /example|placeholder|changeme|change-me|dummy|sample|process\.env|^(.)\1+$|required|invalid|missing|^[a-z]+(?:[-_.][a-z]+)*$/i

function holdsSecret(line: Line): Severity | false {
  if (knownSecret.test(line.raw)) return line.file.test ? 'low' : 'critical'
  const value = namedSecret.exec(line.raw)?.[2]
  if (value === undefined || invented.test(value)) return false
  return line.file.test ? 'low' : 'high'
}

/** Rules about lines that give something away, or trust what is not to be trusted. */
export const exposureRules: readonly LineRule[] = [
  {
    severity: 'high',
    category: 'security',
    alsoTests: true,
    line: holdsSecret,
    en: [
      'A secret stands in the code',
      'Everybody who gets to see the code has it, and it stays in its history.',
      'Read it from the environment, and make the old one void.',
    ],
    ko: [
      '코드에 비밀 값이 들어 있습니다',
      '코드를 보는 누구나 알 수 있고, 변경 이력에도 남습니다.',
      '환경 변수에서 읽고, 기존 값은 폐기하세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'security',
    line: ({ code }) =>
      /\.\.\.\s*\(?\s*(?:await\s+)?(?:c|ctx|context)\.req\.json|Object\.assign\([^,]*,\s*(?:await\s+)?(?:c|ctx|context)\.req|\.\.\.req(?:uest)?\.body/.test(
        code,
      ),
    en: [
      'A record takes whatever a request brings',
      'Fields that clients should not set, such as an id or an owner, can be set.',
      'Take the known fields one by one.',
    ],
    ko: [
      '기록이 요청의 모든 항목을 그대로 받습니다',
      'id나 소유자처럼 사용자가 정하면 안 되는 항목도 바꿀 수 있습니다.',
      '정해진 항목만 하나씩 받으세요.',
    ],
  },
  {
    severity: 'high',
    category: 'security',
    line: ({ code }) => /rejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/.test(code),
    en: [
      'Certificates are not checked',
      'Anybody on the way can read and change what is sent.',
      'Leave the check on, and trust the certificate that is meant.',
    ],
    ko: ['인증서를 확인하지 않습니다', '중간에서 누구나 내용을 읽고 바꿀 수 있습니다.', '확인을 켜 두고, 필요한 인증서만 신뢰하세요.'],
  },
  {
    severity: 'medium',
    category: 'security',
    line: ({ code }) => /Math\.random\s*\(/.test(code) && /token|secret|password|session|nonce|otp/i.test(code),
    en: [
      'A secret comes from a guessable source',
      'Values of Math.random can be worked out from earlier ones.',
      'Use randomBytes or randomUUID of node:crypto.',
    ],
    ko: [
      '짐작할 수 있는 값으로 비밀을 만듭니다',
      'Math.random의 값은 앞선 값에서 알아낼 수 있습니다.',
      'node:crypto의 randomBytes나 randomUUID를 쓰세요.',
    ],
  },
  {
    severity: 'low',
    category: 'security',
    line: ({ raw }) => /createHash\s*\(\s*['"](?:md5|sha1)['"]/.test(raw) && (/passw/i.test(raw) ? 'high' : 'low'),
    en: [
      'An outdated digest',
      'MD5 and SHA-1 can be forged, and passwords hashed with them are soon guessed.',
      'Use SHA-256, and scrypt for passwords.',
    ],
    ko: [
      '오래된 해시 함수를 씁니다',
      'MD5와 SHA-1은 위조할 수 있고, 비밀번호도 쉽게 추측됩니다.',
      'SHA-256을, 비밀번호에는 scrypt를 쓰세요.',
    ],
  },
  {
    severity: 'low',
    category: 'security',
    line: ({ code, raw }) => /Access-Control-Allow-Origin['"]\s*[,:]\s*['"]\*/i.test(raw) || /\buse\s*\([^)]*\bcors\(\s*\)/.test(code),
    en: [
      'Every website may read the answers',
      'A page anywhere can use the API with what its visitor can reach.',
      'Name the origins that may.',
    ],
    ko: [
      '모든 웹사이트가 응답을 읽을 수 있습니다',
      '어떤 페이지든 방문자가 닿을 수 있는 범위에서 API를 쓸 수 있습니다.',
      '허용할 출처를 적으세요.',
    ],
  },
]
