import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Trouble } from './types.ts'

const statuses: Record<Trouble, number> = {
  ...{ unknown: 421, undeployed: 503, stopped: 503, starting: 503, down: 503, broken: 502, slow: 504 },
  ...{ ended: 404, elsewhere: 503 },
}

const words: Record<'en' | 'ko', Record<Trouble, [title: string, text: string]>> = {
  en: {
    unknown: ['No such service', 'Nothing on this server answers under this name.'],
    undeployed: ['Not deployed yet', 'This service has no version in use. It will answer here once a build has been deployed.'],
    stopped: ['Stopped', 'This service was stopped. A member of its project can start it again.'],
    starting: ['Starting', 'This service is being started. Try again in a moment.'],
    down: ['Down', 'This service does not answer at the moment. It is started again on its own.'],
    broken: ['No answer', 'The service broke off before it answered.'],
    slow: ['Too slow', 'The service did not answer in time.'],
    ended: ['Preview ended', 'This preview was stopped. Start it again in its conversation to get a new address.'],
    elsewhere: [
      'On another server',
      'This preview runs on another server of this installation, and this request did not reach that one. Try again.',
    ],
  },
  ko: {
    unknown: ['서비스 없음', '이 이름으로 응답하는 서비스가 이 서버에 없습니다.'],
    undeployed: ['아직 배포되지 않음', '사용 중인 버전이 없습니다. 빌드가 배포되면 여기에서 응답합니다.'],
    stopped: ['중지됨', '이 서비스는 중지되었습니다. 프로젝트 구성원이 다시 시작할 수 있습니다.'],
    starting: ['시작하는 중', '서비스를 시작하고 있습니다. 잠시 후 다시 시도하세요.'],
    down: ['응답 없음', '지금은 서비스가 응답하지 않습니다. 자동으로 다시 시작됩니다.'],
    broken: ['응답이 끊김', '서비스가 응답하기 전에 연결이 끊겼습니다.'],
    slow: ['응답이 늦음', '서비스가 제시간에 응답하지 않았습니다.'],
    ended: ['미리보기 종료됨', '이 미리보기는 중지되었습니다. 대화에서 다시 시작하면 새 주소가 생깁니다.'],
    elsewhere: ['다른 서버에서 실행 중', '이 미리보기는 다른 서버에서 실행 중이며, 요청이 그 서버에 닿지 않았습니다. 다시 시도하세요.'],
  },
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0;min-height:100vh;display:grid;place-items:center}
main{width:min(28rem,calc(100vw - 2rem))}h1{font-size:1.25rem;margin:0}p{opacity:.75}small{opacity:.6}`

function page(language: 'en' | 'ko', trouble: Trouble): string {
  const [title, text] = words[language][trouble]
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p>${text}</p><small>${statuses[trouble]} · Maestro</small></main></body></html>`
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The answer in the asker's words: a page for browsers, JSON for programs. Nothing of the request stands in it. */
export function troubleAnswer(request: IncomingMessage, trouble: Trouble): Answer {
  const status = statuses[trouble]
  const language = /^\s*ko\b/i.test(request.headers['accept-language'] ?? '') ? 'ko' : 'en'
  const html = (request.headers.accept ?? '').includes('text/html')
  const body = html ? page(language, trouble) : JSON.stringify({ error: { message: words[language][trouble][1] } })
  const headers = {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    ...(status === 503 ? { 'retry-after': '5' } : {}),
  }
  return { status, headers, body }
}

/** Answers a request with why the service itself does not; one that is half-way through an answer is cut off. */
export function sendTrouble(request: IncomingMessage, response: ServerResponse, trouble: Trouble): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, headers, body } = troubleAnswer(request, trouble)
  // Whatever of the request was not read yet would be taken for the next one on this connection.
  response.writeHead(status, { ...headers, connection: 'close' })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The same for an upgrade, whose connection has no response object. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, trouble: Trouble): void {
  if (socket.destroyed || !socket.writable) return
  const { status, headers, body } = troubleAnswer(request, trouble)
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}
