// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is reviewed has templates of its own.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { findingSchema } from '@/server/crews/schema.ts'
import { notesFiles } from '@/server/testing/notes-crew.ts'
import { readIssue } from '../reading/read-issue.ts'
import { writeBackend } from '../writing/backend.ts'
import { writeFrontend } from '../writing/frontend.ts'
import { splitScript } from './read-code.ts'
import { reviewFiles } from './review.ts'

interface Found {
  severity: string
  category: string
  path: string
  line: number | null
  title: string
}

const review = (files: Record<string, string>, korean = false, whole = false) =>
  reviewFiles(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    korean,
    whole,
  ).findings as Found[]
const one = (text: string, path = 'src/a.js') => review({ [path]: text }).map(({ severity, line, title }) => `${severity} ${line} ${title}`)

it.each<[string, string[]]>([
  ['const x = 1\nconst y = eval(c.req.query("f"))', ['critical 2 Text is run as code']],
  ['const f = new Function("a", code)', ['high 1 Text is run as code']],
  ['const y = eval(\n  input,\n)', ['critical 1 Text is run as code']],
  ["import { exec } from 'node:child_process'\nexec(`ls ${body.name}`)", ['critical 2 A shell command is put together from values']],
  ["import { execSync } from 'node:child_process'\nexecSync('ls ' + folder)", ['high 2 A shell command is put together from values']],
  ['db.query(`SELECT * FROM notes WHERE id = ${params.id}`)', ['critical 1 A database query is put together from values']],
  ["db.run('DELETE FROM notes WHERE id = ' + id)", ['high 1 A database query is put together from values']],
  ['list.innerHTML = `<li>${note.text}</li>`', ['high 1 Data becomes markup of the page']],
  ["list.innerHTML =\n  '<li>' + note.text", ['high 1 Data becomes markup of the page']],
  ["node.insertAdjacentHTML('beforeend', note.text)", ['high 1 Data becomes markup of the page']],
  ["app.get('/', (c) => c.html(`<h1>${c.req.query('q')}</h1>`))", ['high 1 A request comes back as markup']],
  [`const key = '${'AKIA'}IOSFODNN7ABCDEFG'`, ['critical 1 A secret stands in the code']],
  ["const key = 'MAESTRO_SECRET_0123456789abcdef01234567'", ['critical 1 A secret stands in the code']],
  ["const password = 'hunter2hunter2'", ['high 1 A secret stands in the code']],
  ["const file = join(root, c.req.param('name'))", ['high 1 A request chooses a path on disk']],
  ["await fetch(c.req.query('url'))", ['high 1 A request chooses where the server calls']],
  ["return c.redirect(c.req.query('to'))", ['medium 1 A request chooses where it is sent on to']],
  ["new RegExp(c.req.query('q'))", ['medium 1 A request becomes a regular expression']],
  ['const token = Math.random().toString(36)', ['medium 1 A secret comes from a guessable source']],
  ["const digest = createHash('md5').update(password)", ['high 1 An outdated digest']],
  ['const note = JSON.parse(await c.req.text())', ['medium 1 What a client sends is parsed without a net']],
  ['const input = await c.req.json()', ['medium 1 A malformed body is not expected']],
  ["app.get('/', (c) => c.json(readFileSync('x')))", ['low 1 A request waits for the disk, and all others with it']],
  ["app.get('/', (c) => {\n  const { a } = c\n  readdirSync(a)\n})", ['low 3 A request waits for the disk, and all others with it']],
  ['await writeFile(file, JSON.stringify(data))', ['medium 1 A crash halfway loses the data']],
  ['const note = { id: String(notes.length + 1), text }', ['medium 1 Ids are given twice once a record was deleted']],
  ['items.forEach(async (item) => save(item))', ['medium 1 Nobody waits for work that was begun']],
  ['try { go() } catch {}', ['low 1 An error is dropped in silence']],
  ['try {\n  go()\n} catch (error) {\n}', ['low 3 An error is dropped in silence']],
  ['go().catch(() => {})', ['low 1 An error is dropped in silence']],
  ['// TODO: refuse empty ones', ['info 1 Something is left to do']],
])('finds what is planted: %s', (text, found) => expect(one(text)).toEqual(found))

it.each([
  "// eval(input)\nconst words = 'eval(input) and new Function(code)'",
  'const f = pattern.exec(`a ${input}`)',
  'db.query(sql`SELECT * FROM notes WHERE id = ${params.id}`)',
  "db.query('SELECT * FROM notes WHERE id = $1', [params.id])",
  'say(`Select a room from ${input}`)',
  "list.innerHTML = ''",
  'list.innerHTML = escapeHtml(note.text)',
  'if (list.innerHTML === text) go()',
  "const password = process.env.PASSWORD\nconst labels = { password: 'password is required', token: 'invalid-token' }",
  'try {\n  note = JSON.parse(await c.req.text())\n} catch (error) {\n  answer(error)\n}',
  'const input = await c.req.json().catch(() => null)',
  "const page = readFileSync('public/index.html', 'utf8')\napp.get('/', (c) => c.html(page))",
  "await writeFile(file + '.tmp', text)\nawait rename(file + '.tmp', file)",
  'try { go() } catch {\n  // It is gone already.\n}',
  "const half = a / b\nconst quoted = /['\"`]/.test(c)\nconst d = 'ok'",
])('leaves alone what is right: %s', (text) => expect(one(text)).toEqual([]))

it('looks at tests with other eyes, and names a cause once a file, at its gravest place', () => {
  expect(one("const password = 'hunter2hunter2'\neval(input)\ntest.only('x', go)", 'test/a.test.js')).toEqual([
    'low 1 A secret stands in the code',
    'low 3 Left over from a search for a fault',
  ])
  const [found] = review({ 'src/a.js': 'eval(code)\neval(input)\neval(code)\n' })
  expect(found).toMatchObject({ severity: 'critical', line: 2, detail: expect.stringContaining('So do 2 more places') })
})

it('tells what a release lacks, and says nothing of it where it has not all of it', () => {
  const files = {
    'server.js': "app.post('/notes', async (c) => c.json(await c.req.json().catch(() => null)))",
    'public/index.html': '<html><body onload="go()"><script src="https://cdn.example/a.js"></script></body></html>',
    'src/old.js': 'export const old = 1',
  }
  expect(review(files, false, true).map(({ path, title }) => `${path} ${title}`)).toEqual([
    'server.js Nothing bounds what a client may send',
    'public/index.html A script of somebody else runs unchecked',
    'public/index.html A script stands inside the page',
    'src/old.js No other file names this one',
    'server.js The app has no tests of its own',
    'server.js Whoever reaches the app may change its records',
  ])
  expect(review(files)).toEqual([])
})

it.each(['bookmarks', 'meeting-rooms', 'split-expenses'])('the app of the sample %s has nothing grave, in both languages', (name) => {
  const { issue } = JSON.parse(readFileSync(`public/samples/${name}.json`, 'utf8'))
  const model = readIssue(issue)
  const files = Object.fromEntries([...writeBackend(model), ...writeFrontend(model)].map(({ path, content }) => [path, content]))
  for (const korean of [false, true]) {
    const found = review(files, korean, true)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(({ severity }) => !['low', 'info'].includes(severity))).toEqual([])
    for (const finding of found) {
      expect(findingSchema.safeParse(finding).success).toBe(true)
      expect(/[가-힣]/.test(finding.title)).toBe(korean)
    }
  }
})

it('finds the weak places of an app that is written by hand', () => {
  const files = { 'server.js': notesFiles.server, 'src/check.js': notesFiles.check, 'public/index.html': notesFiles.page }
  expect(review(files, false, true).map(({ title }) => title)).toEqual(
    expect.arrayContaining(['Nothing bounds what a client may send', 'Ids are given twice once a record was deleted']),
  )
})

it('keeps code and comments apart, each in its place', () => {
  const text =
    "const a = `x ${f('}')} /* no */ ${`in ${b}`}` // why 'not'\nconst r = /[/'\"]+/g; const c = a / 2 / 3 /* two\nlines */ + '\\''\n"
  const { code, comment } = splitScript(text)
  for (const part of [code, comment]) {
    expect(part.length).toBe(text.length)
    expect(part.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => line.length))
  }
  expect(code.split('\n')[0]?.replace(/ +/g, ' ')).toBe("const a = ` ${f(' ')} ${` ${b}`}` ")
  expect(code).toContain('/ 2 / 3')
  expect(comment.replace(/\s+/g, ' ').trim()).toBe("// why 'not' /* two lines */")
})

it.each([
  ['slashes', '/ '.repeat(130_000)],
  ['brackets', '{'.repeat(250_000)],
  ['templates', '`${'.repeat(80_000)],
  ['one long line', 'SELECT a '.repeat(28_000)],
  ['many calls', 'exec(\n'.repeat(40_000)],
  ['tags', '<a '.repeat(80_000)],
  ['nothing', ''],
  ['no text', '\u0000\uFFFD\u202e'.repeat(80_000)],
])('is done with %s in a moment', (_words, text) => {
  const startedAt = performance.now()
  review({ 'src/a.js': text, 'public/index.html': text }, false, true)
  // Far above what it takes, far below what an expression that runs away would.
  expect(performance.now() - startedAt).toBeLessThan(30_000)
})
