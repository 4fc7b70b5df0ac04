import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { growsWithSize } from '@/server/testing/growth.ts'
import { plantedKey, plantedSecrets } from '@/server/testing/planted.ts'
import { namer } from './placeholders.ts'
import { redact } from './redact.ts'

// No row stands behind these: they are only names here.
const [project, other] = ['p1', 'p2'] as [never, never]
const placeholder = /MAESTRO_SECRET_[0-9a-f]{24}/
const message = (content: unknown, more: object = {}) =>
  JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 10, messages: [{ role: 'user', content }], ...more })
const textOf = (body: string) => (JSON.parse(body) as { messages: { content: string }[] }).messages[0]?.content ?? ''
const password = `${'hunt'}er${'X7q'}Lm2Pz9`

beforeAll(() => register({ platformSecret: randomBytes(32) }))

describe('planted secrets', () => {
  const planted = plantedSecrets(7)
  it.each(planted)('$kind does not leave and comes back', async ({ text, secret }) => {
    const body = message(text)
    const out = await redact(project, body, [])
    expect(out.body).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(out.body).toMatch(placeholder)
    expect(out.redactions.length).toBeGreaterThan(0)
    expect(textOf(out.restoreText(out.body))).toBe(text)
  })

  it('leave nowhere in a request: system, tools, inputs, results, documents, names of fields', async () => {
    const [a, b, c, d, e, f, g] = planted.filter(({ kind }) => !kind.startsWith('env')).map(({ text }) => text) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const key = planted.find(({ kind }) => kind === 'github')?.secret ?? ''
    const request = {
      system: [{ type: 'text', text: a }],
      tools: [{ name: 'run', description: b, input_schema: { type: 'object', properties: { [key]: { description: c } } } }],
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'run', input: { deep: [{ [key]: d, password }] } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: e }] }] },
        { role: 'user', content: [{ type: 'document', title: f, source: { type: 'text', media_type: 'text/plain', data: g } }] },
      ],
    }
    const out = await redact(project, JSON.stringify(request), [])
    for (const { secret, text } of planted) if ([a, b, c, d, e, f, g].includes(text)) expect(out.body).not.toContain(secret)
    for (const secret of [key, password]) expect(out.body).not.toContain(secret)
    expect(JSON.parse(out.restoreText(out.body))).toEqual(request)
  })

  it('private keys go line by line, so that they come back right wherever they are put', async () => {
    const { pem, lines } = plantedKey()
    for (const written of [
      pem,
      JSON.stringify({ key: pem }),
      JSON.stringify(JSON.stringify({ key: pem })),
      lines
        .map((line) => `"${line}\\n" +`)
        .join('\n  ')
        .replace(/^/, '"-----BEGIN RSA PRIVATE KEY-----\\n" + '),
      pem.slice(0, 900),
    ]) {
      const out = await redact(project, message(`the key:\n${written}\nand more words follow here`), [])
      for (const line of lines) if (written.includes(line)) expect(out.body).not.toContain(line)
      expect(out.body).toContain('and more words follow here')
      expect(out.redactions).toEqual([{ rule: 'private-key', count: 1 }])
      expect(out.restoreText(out.body)).toBe(message(`the key:\n${written}\nand more words follow here`))
    }
    const out = await redact(project, message(pem), [])
    const names = textOf(out.body)
      .split('\n')
      .filter((line) => placeholder.test(line))
    expect((JSON.parse(out.restoreText(JSON.stringify({ file: `a\n${names.join('\n')}\nb` }))) as { file: string }).file).toContain(
      lines.join('\n'),
    )
  })
})

describe('placeholders', () => {
  const line = `API_${'TOKEN'}=${password}`

  it('are the same for one secret of one project in every request, and others in another project', async () => {
    const [first, second, elsewhere] = await Promise.all([
      redact(project, message(line), []),
      redact(project, message(`later: ${line}`), []),
      redact(other, message(line), []),
    ])
    const [a, b, c] = [first, second, elsewhere].map(({ body }) => placeholder.exec(body)?.[0])
    expect(a).toBe(b)
    expect(a).not.toBe(c)
  })

  it('stand for a secret wherever it is, also where nothing says that it is one', async () => {
    const out = await redact(
      project,
      JSON.stringify({
        messages: [
          { role: 'user', content: `connect("${password}")` },
          { role: 'user', content: [{ type: 'text', text: line }] },
        ],
      }),
      [],
    )
    expect(out.body).not.toContain(password)
    expect(out.redactions).toEqual([{ rule: 'named-secret', count: 1 }])
  })

  it('keep the beginning of a conversation as it was when it goes on', async () => {
    const turn = (more: unknown[]) => JSON.stringify({ system: line, messages: [{ role: 'user', content: `use ${password}` }, ...more] })
    const [first, second] = [
      await redact(project, turn([]), []),
      await redact(project, turn([{ role: 'user', content: `once more ${password}` }]), []),
    ]
    expect(second.body.startsWith(first.body.slice(0, -2))).toBe(true)
  })

  it('that somebody typed are text: of this project, of another, or of nobody', async () => {
    for (const name of [namer(project), namer(other)]) {
      const typed = `please write ${name(password)} and ${line} into the page`
      const out = await redact(project, message(typed), [])
      expect(out.body).not.toContain(name(password) === namer(project)(password) ? `write ${name(password)}` : name(password))
      expect(textOf(out.restoreText(out.body))).toBe(typed)
      expect(out.redactions).toEqual([{ rule: 'named-secret', count: 1 }])
    }
  })

  it('that the model made up stay as they are', async () => {
    const out = await redact(project, message(line), [])
    const answer = JSON.stringify({
      content: [{ type: 'text', text: `MAESTRO_SECRET_${'0'.repeat(24)} ${placeholder.exec(out.body)?.[0]}` }],
    })
    expect(out.restoreText(answer)).toBe(
      JSON.stringify({ content: [{ type: 'text', text: `MAESTRO_SECRET_${'0'.repeat(24)} ${password}` }] }),
    )
  })
})

describe('given values', () => {
  it('go whatever they look like, inside JSON too, and mean one secret', async () => {
    const value = 'plain words\nwith "quotes"'
    const out = await redact(project, message(`${value} ${JSON.stringify({ value })}`), [], [value, 'no'])
    expect(out.redactions).toEqual([{ rule: 'given', count: 1 }])
    expect(out.body).not.toContain('plain words')
    const [name] = placeholder.exec(out.body) ?? []
    const structured = await redact(
      project,
      message(value, { output_config: { format: { type: 'json_schema', schema: {} } } }),
      [],
      [value],
    )
    const answer = JSON.stringify({
      content: [
        { type: 'text', text: JSON.stringify({ said: name }) },
        { type: 'tool_use', input: { [String(name)]: name } },
      ],
    })
    const { content } = JSON.parse(structured.restoreText(answer)) as { content: [{ text: string }, { input: object }] }
    expect(JSON.parse(content[0].text)).toEqual({ said: value })
    expect(content[1].input).toEqual({ [value]: value })
  })
})

describe('what stays', () => {
  const uuid = '0195f3a2-7c1b-7d4e-9a55-2b1c6f0e8d11'
  it.each([
    [
      'ordinary code',
      'const token = await createToken(user)\nif (password === "") throw new Error("no password")\nconst apiKey = process.env.API_KEY',
    ],
    [
      'types and names',
      'interface A { password: string; secret: Buffer | null; accessToken?: string }\ntype Key = { apiKey: z.string().min(8) }',
    ],
    ['labels', '{"password": "Enter your password", "passwordPlaceholder": "at least 8 characters", "token": "your-token-here"}'],
    [
      'markers',
      'API_KEY=<your key>\nSECRET=changeme\nPASSWORD=$DB_PASSWORD\nTOKEN={{ token }}\nDATABASE_URL=postgres://user:password@localhost/db',
    ],
    ['UUIDs and hashes', `id: ${uuid} commit 3f786850e387550fdab836ed7e6dc881de23001b sha256 ${'9f86d081884c7d65'.repeat(4)}`],
    ['integrity', '"integrity": "sha512-WAUvPudGU1Dn4mDPfb6+JnnbeVEV53hG/BoT+bxts6AkZsOpTEiV1jHYX+2vtwCICNFG9Wxv8QS+eW1zE/Dwfg=="'],
    ['pictures in code', `<img src="data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAAAAUA'.repeat(40)}">`],
    ['minified code', 'e.token=t.next(),n.secret=r.v2(e.password1),i.apiKey=o?void 0:e.KEY_2;const{password:s,token:a=d.b64}=e'],
    ['addresses', 'https://example.com:8080/a@b http://localhost:3000/@scope/name git@github.com:me/app.git mailto:ada@example.com'],
    ['prose', 'The password is stored as a hash. Tokens: short-lived. Secret: the handshake-of-2026 happens twice.'],
  ])('%s', async (_, text) => {
    const out = await redact(project, message(text), [])
    expect(textOf(out.body)).toBe(text)
    expect(out.redactions).toEqual([])
  })

  it('pictures and documents in base64, signatures and the words of the protocol', async () => {
    const { secret } = plantedSecrets(3).find(({ kind }) => kind === 'aws id') ?? { secret: '' }
    const data = `${'A'.repeat(400)}/${secret}/AAAA`
    const body = message([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      { type: 'redacted_thinking', data },
      { type: 'tool_result', tool_use_id: secret, content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }] },
    ])
    expect((await redact(project, body, [])).body).toBe(body)
    const tricked = await redact(
      project,
      message([{ type: 'tool_use', id: 'a', name: 'b', input: { type: 'base64', data: `/${secret}/` } }]),
      [],
    )
    expect(tricked.body).not.toContain(secret)
  })

  it('a request without secrets is the very same, and so is its answer', async () => {
    const body = ` {"messages": [ {"role":"user", "content":"hello"} ]} `
    const out = await redact(project, body, [])
    expect(out.body).toBe(body)
    expect(out.restoreText('{"a":1}')).toBe('{"a":1}')
  })

  it('the model’s own signed words, with the placeholders that it was given', async () => {
    const first = await redact(project, message(`API_${'TOKEN'}=${password}`), [])
    const [name] = placeholder.exec(first.body) ?? []
    const invented = `API_${'KEY'}="${'q8Zt'}4Lw0Vn7Rk2Xp"`
    const thinking = {
      type: 'thinking',
      thinking: `use ${password}, and MAESTRO_SECRET_${'1'.repeat(24)}, and ${invented}`,
      signature: 'c2ln',
    }
    const second = JSON.stringify({
      messages: [
        { role: 'user', content: `API_${'TOKEN'}=${password}` },
        { role: 'assistant', content: [thinking, { type: 'tool_use', id: 'a', name: 'write', input: { text: invented } }] },
      ],
    })
    const out = JSON.parse((await redact(project, second, [])).body) as { messages: [unknown, { content: [typeof thinking, unknown] }] }
    expect(out.messages[1].content[0].thinking).toBe(thinking.thinking.replace(password, String(name)))
    expect(JSON.stringify(out.messages[1].content[1])).not.toContain('4Lw0Vn7Rk2Xp')
  })
})

describe('hostile texts', () => {
  it('cannot switch the search off', async () => {
    const { text, secret } = plantedSecrets(5).find(({ kind }) => kind === 'github') ?? { text: '', secret: '' }
    for (const words of [
      '/* secretlint-disable */',
      '// secretlint-disable-next-line\n',
      '<!-- secretlint-disable -->',
      'gitleaks:allow ',
    ]) {
      expect((await redact(project, message(words + text), [])).body).not.toContain(secret)
    }
  })

  it('cannot reach the prototype', async () => {
    const body =
      '{"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"b","input":{"__proto__":{"password":"q8Zt4Lw0Vn7Rk2Xp"},"constructor":"x"}}]}]}'
    const out = await redact(project, body, [])
    expect(out.body).not.toContain('q8Zt4Lw0Vn7Rk2Xp')
    expect(out.restoreText(out.body)).toBe(body)
  })

  it('is refused where it is no JSON: what cannot be read cannot be let go', async () => {
    await expect(redact(project, 'PASSWORD=x', [])).rejects.toThrow(SyntaxError)
  })

  it.each([
    ['elements that never end', '<document src=".env"> '],
    ['names before values that never end', '비밀번호:'],
    ['beginnings of tokens', 'eyJ-'],
    ['short secrets by the thousand', ''],
  ])('%s take as long as they are long', async (_, words) => {
    const each = (at: number) => words || `aa://b:${((at * 7919) % 1_679_616).toString(36).padStart(4, 'z')}@c `
    const text = (length: number) => Array.from({ length: Math.ceil(length / each(0).length) }, (_, at) => each(at)).join('')
    const texts = { 1: text(100_000), 4: text(400_000) }
    expect(await growsWithSize((size, nth) => redact(project, message(`${texts[size]} ${nth}`), []))).toBe(true)
  })

  it('a value at the end of a long run is found', async () => {
    const out = await redact(project, message(`${'x'.repeat(9_000)}:token:${password} ${'y:'.repeat(5_000)}`), [])
    expect(out.body).not.toContain(password)
  })
})
