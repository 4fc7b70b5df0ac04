/** Criteria that no check fits, and the honest reason. */

/** What a test through the app's own interface cannot see. */
const beyond: [RegExp, string][] = [
  [
    /\b(?:phone|mobile|responsive|screen|looks?|layout|colou?rs?|design|button|dark mode|font|keyboard|accessib\w+|drag)\b|모바일|화면|디자인|반응형|버튼|색/i,
    'It is about how the page looks or is handled; the tests speak to the app over HTTP only.',
  ],
  [
    /\b(?:fast|quick|performance|seconds?|milliseconds?|ms|latency|load)\b|빠르|초 안|초 이내|성능/i,
    'Speed depends on the machine; a test of it here would prove nothing.',
  ],
  [
    /\b(?:log ?in|sign ?in|sign ?up|passwords?|oauth|permissions?|roles?|admins?|owners?|private|authenticat\w+|authoris\w+|authoriz\w+)\b|로그인|권한|비밀번호|관리자만|본인만|회원가입/i,
    'Accounts and permissions are beyond what this generator builds.',
  ],
  [
    /\b(?:e-?mails?|mails?|messages?) (?:is|are|gets?|will be|to (?:the|all|every))\b|\b(?:sends?|sent|receives?|notif\w+|sms|slack|push|remind\w*)\b|알림|메일.{0,8}(?:보내|받|발송)|문자/i,
    'Messages to the outside cannot be sent or seen from the sandbox.',
  ],
  [
    /\b(?:csv|excel|pdf|export\w*|import\w*|upload\w*|photos?|images?|download\w*|print\w*)\b|엑셀|내보내|업로드|다운로드|사진/i,
    'Files in and out are beyond what this generator builds.',
  ],
]
const unclear = 'The rule-based reader recognises no pattern in it that it could test.'

/** Words that claim more than that a record is made, changed or deleted; testing only that would be a lie. */
const qualified =
  /\b(?:sort|order|group|filter|search|first|last|only|hid(?:e|es|den|ing)|per|unless|except|automatic\w*|remind\w*|limit\w*|maximum|at most|at least)\b|순서|정렬|검색|필터|자동|최대|최소|제한/i

/** The reason for a criterion without a check. */
export function why(sentence: string): string {
  return beyond.find(([words]) => words.test(sentence))?.[1] ?? unclear
}

/** Whether a check that a record is made, changed or deleted would claim more than it shows. */
export function saysMore(sentence: string): boolean {
  return qualified.test(sentence) || beyond.some(([words]) => words.test(sentence))
}
