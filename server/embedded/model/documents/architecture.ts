import type { AppModel } from '../app-model.ts'
import { type Say, say } from './words.ts'

/** The architect's first document. */
export function architecture(model: AppModel): object {
  const words = say(model.language)
  return {
    diagram: diagram(model, words),
    components: components(model, words),
    interactions: interactions(model, words),
    dataFlow: [
      words('The page sends JSON to the API.', '페이지가 API로 JSON을 보낸다.'),
      words('The API checks each field and every rule before anything is stored.', 'API는 저장하기 전에 모든 항목과 규칙을 확인한다.'),
      words('The store writes a temporary file and renames it over data.json.', '저장소는 임시 파일에 쓴 뒤 data.json으로 이름을 바꾼다.'),
      words('At start the store reads data.json back.', '시작할 때 저장소가 data.json을 읽는다.'),
    ],
    security: [
      words(
        'Input is checked by type, length and range; unknown fields are not stored.',
        '입력은 형식, 길이, 범위를 확인하고 모르는 항목은 저장하지 않는다.',
      ),
      words(
        'Bodies over 1 MB are refused; malformed JSON is answered with 400.',
        '1MB가 넘는 본문은 거절하고 잘못된 JSON에는 400으로 답한다.',
      ),
      words(
        'The page shows everything as text and runs no inline script.',
        '페이지는 모든 내용을 글자로 보여 주고 인라인 스크립트가 없다.',
      ),
      ...(model.entities.some(({ fields }) => fields.some(({ type }) => type === 'url'))
        ? [words('Addresses are limited to their allowed schemes.', '주소는 허용된 방식만 받는다.')]
        : []),
    ],
    scaling: [
      words(
        'One process with all records in memory: enough for tens of thousands of records.',
        '모든 기록을 메모리에 둔 프로세스 하나로 수만 건까지 충분하다.',
      ),
      words('Beyond that the store is the one part to replace, by a database.', '그보다 커지면 저장소만 데이터베이스로 바꾸면 된다.'),
    ],
  }
}

/** Text inside a Mermaid label: letters, digits and spaces only, whatever the issue says. */
function safe(text: string): string {
  return (
    text
      .replace(/[^\p{L}\p{N} _/.-]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 40) || 'app'
  )
}

function diagram(model: AppModel, words: Say): string {
  const routes = model.entities.map(({ name, labelPlural }, index) => ({ id: `route${index}`, text: safe(labelPlural || name) }))
  return [
    'flowchart LR',
    `  browser["${safe(words('Browser', '브라우저'))}"] --> page["public/"]`,
    '  browser --> server["server.js"]',
    ...routes.flatMap(({ id, text }) => [
      `  server --> ${id}["${text}"]`,
      `  ${id} --> validate["${safe(words('Checks', '검사'))}"]`,
      `  ${id} --> store[("data.json")]`,
    ]),
  ].join('\n')
}

function components(model: AppModel, words: Say): object[] {
  return [
    {
      name: 'server',
      responsibility: words('Listens on PORT, serves the page, answers /healthz', 'PORT에서 듣고 페이지를 내보내며 /healthz에 답한다'),
      files: ['server.js', 'src/app.js'],
    },
    {
      name: 'store',
      responsibility: words('Keeps all records in one file, written atomically', '모든 기록을 파일 하나에 원자적으로 보관한다'),
      files: ['src/store.js'],
    },
    {
      name: 'validation',
      responsibility: words(
        'Checks input field by field and names the one that is wrong',
        '입력을 항목별로 확인하고 잘못된 항목을 알려 준다',
      ),
      files: ['src/validate.js'],
    },
    ...model.entities.map(({ plural, labelPlural, route }) => ({
      name: plural,
      responsibility: words(`The routes under ${route}`, `${labelPlural} 경로: ${route}`),
      files: [`src/routes/${plural}.js`],
    })),
    {
      name: 'page',
      responsibility: words('The one page: lists, forms, messages', '페이지 하나: 목록, 입력, 안내'),
      files: ['public/index.html', 'public/app.js', 'public/style.css'],
    },
  ]
}

function interactions(model: AppModel, words: Say): object[] {
  return [
    { from: 'page', to: 'server', what: words('JSON over HTTP', 'HTTP로 JSON') },
    ...model.entities.flatMap(({ plural }) => [
      { from: 'server', to: plural, what: words('hands requests over', '요청을 넘긴다') },
      { from: plural, to: 'validation', what: words('has input checked', '입력을 확인하게 한다') },
      { from: plural, to: 'store', what: words('reads and writes records', '기록을 읽고 쓴다') },
    ]),
  ]
}
