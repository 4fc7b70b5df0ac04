import { identities } from './identities.ts'

const words = {
  en: {
    title: 'Choose an account',
    note: 'This stands in for Google on this machine. It knows no passwords and is never there in production.',
  },
  ko: { title: '계정 선택', note: '이 컴퓨터에서 Google을 대신하는 화면입니다. 비밀번호가 없으며, 운영 환경에는 없습니다.' },
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0;min-height:100vh;display:grid;place-items:center}
main{width:min(24rem,calc(100vw - 2rem))}h1{font-size:1.25rem}p{opacity:.75;font-size:.875rem}
button{width:100%;display:flex;flex-direction:column;align-items:start;margin:.5rem 0;padding:.75rem 1rem;border:1px solid #8886;border-radius:.5rem;background:transparent;color:inherit;font:inherit;cursor:pointer}
button:hover,button:focus-visible{background:#8882}small{opacity:.75}`

/** The page on which a person picks who to be. Only our own fixed texts and the interaction's id (a nanoid) stand in it. */
export function choicePage(action: string, acceptLanguage: string): string {
  const language = acceptLanguage.trim().toLowerCase().startsWith('ko') ? 'ko' : 'en'
  const { title, note } = words[language]
  const buttons = identities
    .map(({ sub, email, name }) => `<button name="sub" value="${sub}"><strong>${name}</strong><small>${email}</small></button>`)
    .join('')
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${style}</style><main><h1>${title}</h1><p>${note}</p><form method="post" action="${action}">${buttons}</form></main></html>`
}
