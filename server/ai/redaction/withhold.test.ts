import { describe, expect, it } from 'vitest'
import { withhold } from './withhold.ts'

const note = (path: string) => `[withheld: ${path} is on the deny-list]`
const secret = 'the content of a file that nobody may see'

function sent(messages: unknown[], own: string[] = []) {
  const request = { messages }
  const withheld = withhold(request, own)
  return {
    text: JSON.stringify(request),
    withheld,
    messages: request.messages as { content: { content?: unknown; input?: object; source?: object; text?: string }[] }[],
  }
}
const use = (input: unknown, id = 't1') => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'any', input }] })
const result = (content: unknown, id = 't1') => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] })

describe('what a tool brought or was given', () => {
  it.each([
    [{ path: '.env' }, '.env'],
    [{ file_path: '/workspace/app/.ENV.local' }, '/workspace/app/.ENV.local'],
    [{ filename: 'app\\tls.key' }, 'app\\tls.key'],
    [{ paths: ['a.ts', 'deep/.git/config'] }, 'deep/.git/config'],
    [{ relativePath: 'deep/.env' }, 'deep/.env'],
    [{ targetFile: 'tls.key' }, 'tls.key'],
    [{ options: [{ notebook_path: 'x/../id_rsa' }] }, 'x/../id_rsa'],
    [{ command: 'cat src/a.ts .env | head -5' }, '.env'],
    [{ command: ['bash', '-c', 'base64 <"keys/server.pem"'] }, 'keys/server.pem'],
  ])('%j', (input, path) => {
    for (const content of [
      secret,
      [
        { type: 'text', text: secret },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      ],
    ]) {
      const out = sent([use(input), result(content)])
      expect(out.withheld).toEqual([path])
      expect(out.text).not.toContain(secret)
      expect(out.messages[1]?.content[0]?.content).toBe(note(path))
    }
  })

  it.each([
    { path: 'src/env.ts' },
    { command: 'find . -not -path "./.git/*" -name "*.key"' },
    { command: 'git --git-dir=.git2 log' },
    { url: 'https://example.com/.env' },
    { path: 'https://example.com/server.key' },
  ])('%j stays', (input) => {
    const out = sent([use(input), result(secret)])
    expect(out.withheld).toEqual([])
    expect(out.text).toContain(secret)
  })

  it('leaves out what was to be written there, and says so in its place', () => {
    const out = sent([use({ command: 'create', path: 'config/.env', content: secret, edits: [{ old: secret }] }), result('Written.')])
    expect(out.messages[0]?.content[0]?.input).toEqual({
      command: 'create',
      path: 'config/.env',
      content: note('config/.env'),
      edits: note('config/.env'),
    })
    expect(
      sent([
        use({
          files: [
            { path: 'a.ts', content: 'stays' },
            { path: '.npmrc', content: secret },
          ],
        }),
      ]).text,
    ).toContain('stays')
    expect(sent([use({ files: [{ path: '.npmrc', content: secret }] })]).text).not.toContain(secret)
  })

  it('leaves out what a search found there, line by line', () => {
    const out = sent([
      use({ query: 'KEY' }),
      result(`src/a.ts:3:const KEY = 1\n./app/.env:7:KEY=${secret}\nserver.pem:${secret}\nnote: stays`),
    ])
    expect(out.messages[1]?.content[0]?.content).toBe(`src/a.ts:3:const KEY = 1\n${note('./app/.env')}\n${note('server.pem')}\nnote: stays`)
    expect(out.withheld).toEqual(['./app/.env', 'server.pem'])
  })
})

describe('documents and texts', () => {
  it('leaves out documents by their title', () => {
    const source = { type: 'text', media_type: 'text/plain', data: secret }
    const out = sent([
      {
        role: 'user',
        content: [
          { type: 'document', title: 'deploy/.env.production', context: secret, source },
          { type: 'search_result', source: 'a/tls.key', title: 't', content: [{ type: 'text', text: secret }] },
        ],
      },
    ])
    expect(out.text).not.toContain(secret)
    expect(out.withheld).toEqual(['a/tls.key', 'deploy/.env.production'])
    expect(sent([{ role: 'user', content: [{ type: 'document', title: 'readme.md', source }] }]).text).toContain(secret)
  })

  it.each([
    `<files>[{"path":"a.ts","content":"stays \\" here"},{"path":".env","content":"A=\\"${secret}\\\\\\"\\n"}]</files>`,
    `{"file_path" : "x\\/.env" , "text": "${secret}`,
    `<file path="a/.env">\n${secret}\n</file> and more`,
    `<document index="1" name="b/.env.test">${secret}`,
  ])('leaves out files that a text carries: %s', (text) => {
    for (const messages of [
      [{ role: 'user', content: text }],
      [{ role: 'user', content: [{ type: 'text', text }] }],
      [result(text)],
      [result([{ type: 'text', text }])],
    ]) {
      const out = sent(messages)
      expect(out.text).not.toContain(secret)
      expect(out.withheld.length).toBe(1)
    }
  })

  it('keeps a JSON text JSON', () => {
    const text = JSON.stringify([
      { path: 'a', content: 'x"\\' },
      { path: 'b/.env', content: `"${secret}"\n\\` },
      { path: 'c', content: 'y' },
    ])
    const out = sent([{ role: 'user', content: text }])
    expect(JSON.parse(String(out.messages[0]?.content))).toEqual([
      { path: 'a', content: 'x"\\' },
      { path: 'b/.env', content: note('b/.env') },
      { path: 'c', content: 'y' },
    ])
  })

  it('heeds a project’s own patterns, and the system prompt', () => {
    expect(sent([use({ path: 'data/people.csv' }), result(secret)], ['*.csv']).withheld).toEqual(['data/people.csv'])
    const request = { system: [{ type: 'text', text: `<file path=".env">${secret}</file>` }], messages: [] }
    expect(withhold(request, [])).toEqual(['.env'])
    expect(JSON.stringify(request)).not.toContain(secret)
  })

  it('changes nothing where nothing is denied, whatever the request looks like', () => {
    for (const request of [
      null,
      1,
      [],
      {},
      { messages: 'x' },
      {
        messages: [null, 1, { content: [null, { type: 'text' }, { type: 'tool_use', input: null }, { type: 'tool_result' }] }],
        system: [1],
      },
    ]) {
      const before = JSON.stringify(request)
      expect(withhold(request, ['*'])).toEqual([])
      expect(JSON.stringify(request)).toBe(before)
    }
  })
})
