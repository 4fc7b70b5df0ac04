import { type Fault, identities } from './identities.ts'

const words = {
  en: {
    title: 'Choose an account',
    note: 'This stands in for Google on this machine. It knows no passwords and is never there in production.',
    other: 'Use another account',
    name: 'Name',
    email: 'E-mail',
    hint: 'Any address that ends in .localhost, or in example.com or example.org.',
    go: 'Continue',
    faults: {
      name: 'Give a name of up to 100 characters, without invisible ones.',
      email: 'Give an address that ends in .localhost, or in example.com or example.org.',
    },
  },
  ko: {
    title: '계정 선택',
    note: '이 컴퓨터에서 Google을 대신하는 화면입니다. 비밀번호가 없으며, 운영 환경에는 없습니다.',
    other: '다른 계정 사용',
    name: '이름',
    email: '이메일',
    hint: '.localhost로 끝나거나 example.com, example.org에 속한 주소면 됩니다.',
    go: '계속',
    faults: {
      name: '보이지 않는 문자 없이 100자 이하의 이름을 입력하세요.',
      email: '.localhost로 끝나거나 example.com, example.org에 속한 주소를 입력하세요.',
    },
  },
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0;min-height:100vh;display:grid;place-items:center}
main{width:min(24rem,calc(100vw - 2rem));padding:1rem 0}h1{font-size:1.25rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}p{font-size:.875rem}.soft,small{opacity:.8}
button{width:100%;display:flex;flex-direction:column;align-items:start;margin:.5rem 0;padding:.75rem 1rem;border:1px solid #8886;border-radius:.5rem;background:transparent;color:inherit;font:inherit;cursor:pointer}
button.go{align-items:center;font-weight:600}button:hover,button:focus-visible{background:#8882}
label{display:block;font-size:.875rem;margin-top:.5rem}input{box-sizing:border-box;width:100%;margin-top:.125rem;padding:.5rem .75rem;border:1px solid #888;border-radius:.5rem;background:transparent;color:inherit;font:inherit}
input[aria-invalid]{border-color:#d33}.fault{font-weight:600}`

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? '')

/** What somebody typed that could not be taken. */
export interface Typed {
  name: string
  email: string
  fault: Fault
}

function field(kind: Fault, label: string, attributes: string, typed: Typed | null): string {
  const faulty = typed?.fault === kind
  const wrong = faulty ? 'aria-invalid="true" autofocus' : ''
  const described = [faulty && 'fault', kind === 'email' && 'hint'].filter(Boolean).join(' ')
  return `<label>${label}<input name="${kind}" ${attributes} ${wrong} ${described && `aria-describedby="${described}"`} required value="${escaped(typed?.[kind] ?? '')}"></label>`
}

/** The page on which a person picks who to be. Besides our own texts stand in it the interaction's id (a nanoid) and what was typed. */
export function choicePage(action: string, acceptLanguage: string, typed: Typed | null = null): string {
  const language = acceptLanguage.trim().toLowerCase().startsWith('ko') ? 'ko' : 'en'
  const { title, note, other, name, email, hint, go, faults } = words[language]
  const buttons = identities
    .map((one) => `<button name="sub" value="${one.sub}"><strong>${one.name}</strong><small>${one.email}</small></button>`)
    .join('')
  const fault = typed ? `<p class="fault" id="fault" role="alert">${faults[typed.fault]}</p>` : ''
  const inputs = [
    field('name', name, 'maxlength="100" autocomplete="name"', typed),
    field('email', email, 'type="email" maxlength="254" autocomplete="email"', typed),
  ].join('')
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${style}</style><main><h1>${title}</h1><p class="soft">${note}</p><form method="post" action="${action}">${buttons}</form>
<h2>${other}</h2>${fault}<form method="post" action="${action}">${inputs}<p class="soft" id="hint">${hint}</p><button class="go">${go}</button></form></main></html>`
}
