import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentsOf } from './files.ts'

const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const file = (path: string, content: string | Buffer) => ({ path, bytes: Buffer.byteLength(content), sha256: sha(content) })
const body = (...content: object[]) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] })
const use = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more = {}) => ({ type: 'tool_result', tool_use_id: id, content, ...more })
const filesOf = (...content: object[]) => contentsOf(body(...content), [], []).files

describe('what the ledger names of a request', () => {
  it('is the model, and no file where there is none', () => {
    expect(contentsOf(body({ type: 'text', text: 'hi' }), [], [])).toEqual({ model: 'm', files: [], fileCount: 0 })
    expect(contentsOf(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }), [], [])).toMatchObject({ model: 'm' })
    for (const odd of ['', 'x', '[]', 'null', '{"messages":5}', '{"model":7,"messages":[null,{"content":[null,5]}]}'])
      expect(contentsOf(odd, [], [])).toEqual({ model: '', files: [], fileCount: 0 })
  })

  it('documents with a title, as text and as bytes', () => {
    const bytes = Buffer.from([0, 255, 3])
    const text = { type: 'document', title: 'src/a.ts', source: { type: 'text', data: '한글' } }
    const pdf = { type: 'document', title: 'b.pdf', source: { type: 'base64', data: bytes.toString('base64') } }
    const untitled = { type: 'document', source: { type: 'text', data: 'x' } }
    expect(filesOf(text, pdf, untitled)).toEqual([file('src/a.ts', '한글'), file('b.pdf', bytes)])
  })

  it('what a tool wrote and what a tool read, but not its words about a file', () => {
    const found = filesOf(
      use('1', 'write_file', { path: 'a.js', content: 'let a' }),
      result('1', 'Written.'),
      use('2', 'read_file', { path: 'b.js' }),
      result('2', [
        { type: 'text', text: 'let ' },
        { type: 'text', text: 'b' },
      ]),
      use('3', 'delete_file', { path: 'c.js' }),
      result('3', 'Removed.'),
      use('4', 'read_file', { path: 'd.js' }),
      result('4', 'there is none', { is_error: true }),
      use('5', 'list_files', {}),
      result('5', 'a.js\nb.js'),
    )
    expect(found).toEqual([file('a.js', 'let a'), file('b.js', 'let b')])
  })

  it('each content once, however many turns repeat it; a changed one again', () => {
    const read = (id: string, content: string) => [use(id, 'read_file', { path: 'a.js' }), result(id, content)]
    expect(filesOf(...read('1', 'old'), ...read('2', 'old'), ...read('3', 'new'))).toEqual([file('a.js', 'old'), file('a.js', 'new')])
  })

  it('what the caller names, and nothing of what was withheld', () => {
    const given = [file('inside.ts', 'x')]
    const text = body(use('1', 'read_file', { path: '.env' }), result('1', '[withheld: .env is on the deny-list]'))
    expect(contentsOf(text, given, ['.env'])).toEqual({ model: 'm', files: given, fileCount: 1 })
  })

  it('two hundred of them by name, and the number of all', () => {
    const documents = Array.from({ length: 250 }, (_, at) => ({
      type: 'document',
      title: `f${at}`,
      source: { type: 'text', data: `${at}` },
    }))
    const contents = contentsOf(body(...documents), [], [])
    expect(contents.files).toHaveLength(200)
    expect(contents.fileCount).toBe(250)
  })
})
