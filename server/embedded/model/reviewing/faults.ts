import { fromRequest } from './injection.ts'
import type { Line, LineRule } from './types.ts'

const server = (test: (line: Line) => boolean) => (line: Line) => !line.file.client && test(line)
const catches = /\.catch\s*\(|\bsafeParse\b/

/** Rules about lines that will go wrong one day. */
export const faultRules: readonly LineRule[] = [
  {
    severity: 'medium',
    category: 'fault',
    line: server(
      ({ code, inTry }) => !inTry && /\bJSON\.parse\s*\(/.test(code) && fromRequest.test(code.slice(code.indexOf('JSON.parse'))),
    ),
    en: [
      'What a client sends is parsed without a net',
      'Malformed JSON throws, and the request ends in an error of the server.',
      'Catch the SyntaxError and answer 400.',
    ],
    ko: ['요청 내용을 대비 없이 해석합니다', 'JSON이 잘못되면 예외가 나고 서버 오류로 끝납니다.', 'SyntaxError를 잡아 400으로 답하세요.'],
  },
  {
    severity: 'medium',
    category: 'fault',
    line: server(
      ({ code, rest, inTry, file }) =>
        !inTry &&
        /\.req\.json\s*\(\s*\)|\breq(?:uest)?\.json\s*\(\s*\)/.test(code) &&
        !catches.test(code + rest) &&
        !file.names.has('onError'),
    ),
    en: [
      'A malformed body is not expected',
      'Reading the body throws where it is no JSON, and nothing here catches it.',
      'Catch the error and answer 400.',
    ],
    ko: [
      '잘못된 요청 본문을 대비하지 않습니다',
      '본문이 JSON이 아니면 예외가 나는데 여기서 잡지 않습니다.',
      '예외를 잡아 400으로 답하세요.',
    ],
  },
  {
    severity: 'low',
    category: 'fault',
    line: server(
      ({ code, inHandler }) =>
        inHandler && /\b(?:read|write|append|exists|mkdir|rm|unlink|readdir|stat|copy|rename)\w*Sync\s*\(|\bexecSync\s*\(/.test(code),
    ),
    en: [
      'A request waits for the disk, and all others with it',
      'Synchronous calls stop the whole app until the disk has answered.',
      'Use node:fs/promises, or read once at start.',
    ],
    ko: [
      '요청이 디스크를 기다리는 동안 모두가 기다립니다',
      '동기 호출은 디스크가 답할 때까지 앱 전체를 멈춥니다.',
      'node:fs/promises를 쓰거나, 시작할 때 한 번만 읽으세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'fault',
    line: server(({ code, file }) => /\bwriteFile(?:Sync)?\s*\(/.test(code) && !file.names.has('rename') && !file.names.has('renameSync')),
    en: [
      'A crash halfway loses the data',
      'The file is written in place: a process that ends meanwhile leaves half of it.',
      'Write a temporary file, then rename it.',
    ],
    ko: [
      '쓰는 도중 멈추면 데이터가 사라집니다',
      '파일을 그 자리에서 쓰므로 도중에 프로세스가 끝나면 절반만 남습니다.',
      '임시 파일에 쓴 뒤 이름을 바꾸세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'fault',
    line: ({ code }) => /\bid\s*[:=]\s*(?:String\s*\(\s*)?[\w.]+\.length\s*(?:\+\s*1)?\s*[),;}]/.test(code),
    en: [
      'Ids are given twice once a record was deleted',
      'The id is the number of records, which goes down again.',
      'Use randomUUID of node:crypto.',
    ],
    ko: ['기록을 지우면 같은 id가 다시 쓰입니다', 'id가 기록의 수여서 다시 줄어들 수 있습니다.', 'node:crypto의 randomUUID를 쓰세요.'],
  },
  {
    severity: 'medium',
    category: 'fault',
    line: ({ code }) => /\.forEach\s*\(\s*async\b/.test(code),
    en: [
      'Nobody waits for work that was begun',
      'forEach does not wait for asynchronous functions, and their errors are lost.',
      'Use for…of with await, or Promise.all over map.',
    ],
    ko: [
      '시작한 작업을 기다리지 않습니다',
      'forEach는 비동기 함수를 기다리지 않으며 오류도 사라집니다.',
      'await를 쓴 for…of나 map과 Promise.all을 쓰세요.',
    ],
  },
  {
    severity: 'medium',
    category: 'fault',
    line: server(({ code, inHandler }) => inHandler && /\bprocess\.exit\s*\(/.test(code) && !/\bprocess\.(?:on|once)\b/.test(code)),
    en: ['A request can end the app', 'The process ends for everybody, with whatever was not yet stored.', 'Answer with an error instead.'],
    ko: ['요청 하나로 앱이 끝날 수 있습니다', '저장하지 못한 내용과 함께 모두에게서 앱이 꺼집니다.', '대신 오류로 답하세요.'],
  },
]
