/** `src/messages.js`: what the app says when it refuses something, in the issue's language. */

const english = `/** What the app says when it refuses something; \`label\` is what people call the field. */
export const say = {
  notFound: 'not found',
  broken: 'Something went wrong here. It has been written to the log.',
  tooLarge: 'That is too much at once: at most 1 MB.',
  notJson: 'The request is not valid JSON.',
  notAnObject: 'The request has to be a JSON object.',
  required: (label) => \`\${label} is required.\`,
  keptByTheApp: (label) => \`\${label} is kept by the app and cannot be set.\`,
  notText: (label) => \`\${label} has to be text.\`,
  tooShort: (label, least) => \`\${label} needs at least \${least} characters.\`,
  tooLong: (label, most) => \`\${label} can have at most \${most} characters.\`,
  notAddress: (label, schemes) => \`\${label} has to be a full address that starts with \${schemes.map((scheme) => \`\${scheme}:\`).join(' or ')}.\`,
  notEmail: (label) => \`\${label} has to be an e-mail address.\`,
  notNumber: (label) => \`\${label} has to be a number.\`,
  notWhole: (label) => \`\${label} has to be a whole number.\`,
  notCents: (label) => \`\${label} cannot be split finer than a hundredth.\`,
  tooSmall: (label, least) => \`\${label} has to be at least \${least}.\`,
  tooBig: (label, most) => \`\${label} can be at most \${most}.\`,
  notDate: (label) => \`\${label} has to be a date like 2030-12-31.\`,
  notTime: (label) => \`\${label} has to be a time between 00:00 and 23:59.\`,
  notBoolean: (label) => \`\${label} has to be true or false.\`,
  notChoice: (label, choices) => \`\${label} has to be one of: \${choices.join(', ')}.\`,
  notList: (label) => \`\${label} has to be a list of texts.\`,
  tooFew: (label, least) => \`\${label} needs at least \${least}.\`,
  unknown: (label) => \`\${label} names something that does not exist.\`,
  notAfter: (upper, lower) => \`\${upper} has to be after \${lower}.\`,
  taken: (label, name) => \`\${label} is already used by “\${name}”.\`,
  overlaps: (label, name, start, end) => \`This overlaps with the \${label} “\${name}” (\${start}–\${end}).\`,
  inUse: (name, other, label) => \`“\${name}” cannot be removed: the \${label} “\${other}” uses it.\`,
}
`

const korean = `/** 낱말 끝소리에 맞는 조사를 붙인다. */
function withParticle(word, afterConsonant, afterVowel) {
  const code = word.charCodeAt(word.length - 1) - 0xac00
  if (code < 0 || code > 11171) return \`\${word}\${afterConsonant}(\${afterVowel})\`
  return word + (code % 28 > 0 ? afterConsonant : afterVowel)
}

const topic = (label) => withParticle(label, '은', '는')
const object = (label) => withParticle(label, '을', '를')
const and = (label) => withParticle(label, '과', '와')

/** 거절할 때 하는 말. \`label\`은 사람들이 부르는 항목 이름이다. */
export const say = {
  notFound: '찾을 수 없습니다.',
  broken: '문제가 생겼습니다. 기록해 두었습니다.',
  tooLarge: '한 번에 1 MB까지만 보낼 수 있습니다.',
  notJson: '요청이 올바른 JSON이 아닙니다.',
  notAnObject: '요청은 JSON 객체여야 합니다.',
  required: (label) => \`\${object(label)} 입력하세요.\`,
  keptByTheApp: (label) => \`\${topic(label)} 앱이 관리하므로 바꿀 수 없습니다.\`,
  notText: (label) => \`\${topic(label)} 글자여야 합니다.\`,
  tooShort: (label, least) => \`\${topic(label)} \${least}자 이상이어야 합니다.\`,
  tooLong: (label, most) => \`\${topic(label)} \${most}자까지 쓸 수 있습니다.\`,
  notAddress: (label, schemes) => \`\${topic(label)} \${schemes.map((scheme) => \`\${scheme}:\`).join(' 또는 ')}로 시작하는 주소여야 합니다.\`,
  notEmail: (label) => \`\${topic(label)} 이메일 주소여야 합니다.\`,
  notNumber: (label) => \`\${topic(label)} 숫자여야 합니다.\`,
  notWhole: (label) => \`\${topic(label)} 정수여야 합니다.\`,
  notCents: (label) => \`\${topic(label)} 소수점 아래 두 자리까지입니다.\`,
  tooSmall: (label, least) => \`\${topic(label)} \${least} 이상이어야 합니다.\`,
  tooBig: (label, most) => \`\${topic(label)} \${most} 이하여야 합니다.\`,
  notDate: (label) => \`\${topic(label)} 2030-12-31 같은 날짜여야 합니다.\`,
  notTime: (label) => \`\${topic(label)} 00:00부터 23:59 사이의 시각이어야 합니다.\`,
  notBoolean: (label) => \`\${topic(label)} true 또는 false여야 합니다.\`,
  notChoice: (label, choices) => \`\${topic(label)} 다음 중 하나여야 합니다: \${choices.join(', ')}\`,
  notList: (label) => \`\${topic(label)} 글자의 목록이어야 합니다.\`,
  tooFew: (label, least) => \`\${topic(label)} \${least}개 이상이어야 합니다.\`,
  unknown: (label) => \`\${label}: 없는 것을 골랐습니다.\`,
  notAfter: (upper, lower) => \`\${topic(upper)} \${lower}보다 뒤여야 합니다.\`,
  taken: (label, name) => \`\${topic(label)} “\${name}”에서 이미 쓰고 있습니다.\`,
  overlaps: (label, name, start, end) => \`이미 있는 \${and(label)} 시간이 겹칩니다: “\${name}” (\${start}–\${end})\`,
  inUse: (name, other, label) => \`\${label} “\${other}”에서 쓰고 있어 지울 수 없습니다: “\${name}”\`,
}
`

/** The sentences of the app in its language. */
export function messagesFile(language: 'en' | 'ko'): string {
  return language === 'ko' ? korean : english
}
