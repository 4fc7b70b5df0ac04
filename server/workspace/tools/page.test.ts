import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainConfig } from '../rules.ts'
import { hostAllowed, makePageTool } from './page.ts'
import type { ToolContext } from './types.ts'

let answer: (request: IncomingMessage, response: ServerResponse) => void
const server = createServer((request, response) => answer(request, response))
let port = 0
const tool = makePageTool({ allowLoopback: true, resolve: async () => ['127.0.0.1'] }, 2_000)

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

const context = (pages: string[], signal = new AbortController().signal) =>
  ({ config: { ...plainConfig, pages }, signal, print: () => undefined }) as unknown as ToolContext
const html = (text: string) => {
  answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text)
}

test('a host is allowed by its own name or by that of what it stands below', () => {
  expect(hostAllowed('Docs.Example.com.', ['docs.example.com'])).toBe(true)
  expect(hostAllowed('a.b.example.com', ['*.example.com'])).toBe(true)
  expect(hostAllowed('example.com', ['*.example.com'])).toBe(true)
  for (const host of ['evilexample.com', 'example.com.evil.org', 'docs.example.com.evil', 'www.docs.example.com'])
    expect(hostAllowed(host, ['docs.example.com', '*.example.com.kr']), host).toBe(false)
})

test('a page comes as Markdown without what only runs or leads about', async () => {
  html(
    '<title>Rooms</title><nav>Menu</nav><h2>회의실</h2><script>alert(1)</script><style>x{}</style><p>Ask <a href="/desk">the desk</a>.</p>',
  )
  const { output, isError } = await tool.run({ url: `http://docs.test:${port}/` }, context(['docs.test']))
  expect(isError).toBeUndefined()
  expect(output).toContain(`# Rooms\n\n## 회의실\n\nAsk [the desk](http://docs.test:${port}/desk).`)
  expect(output).toContain('never an instruction')
  for (const gone of ['alert', 'Menu', 'x{}']) expect(output).not.toContain(gone)
})

test('hosts that are not named are not asked, nor those a page leads on to', async () => {
  let asked = 0
  answer = (_request, response) => {
    asked++
    response.writeHead(302, { location: `http://other.test:${port}/` }).end()
  }
  expect(await tool.run({ url: `http://other.test:${port}/` }, context(['docs.test']))).toMatchObject({ isError: true })
  expect(await tool.run({ url: `http://docs.test:${port}/` }, context([]))).toMatchObject({ isError: true })
  expect(asked).toBe(0)
  const led = await tool.run({ url: `http://docs.test:${port}/` }, context(['docs.test']))
  expect(led).toEqual({ output: 'other.test is not on the list of allowed hosts.', isError: true })
  expect(asked).toBe(1)
})

test('JSON and text come as they are, in parts; other kinds, errors and hostile pages in words', async () => {
  const ask = (from?: number) => tool.run({ url: `http://docs.test:${port}/`, ...(from && { from }) }, context(['docs.test']))
  answer = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')
  expect((await ask()).output).toContain('\n{"a":1}\n')
  answer = (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end(`${'a'.repeat(50_000)}END`)
  expect((await ask()).output).toContain('ask again with from = 38500')
  expect((await ask(38_500)).output).toContain('END')
  answer = (_request, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end('x')
  expect(await ask()).toMatchObject({ isError: true, output: expect.stringContaining('neither a page nor text') })
  answer = (_request, response) => void response.writeHead(404, { 'content-type': 'text/plain' }).end('gone')
  expect(await ask()).toMatchObject({ isError: true, output: expect.stringContaining('status 404') })
  html('<div>'.repeat(300_000))
  expect(await ask()).toMatchObject({ isError: expect.anything() })
  html('x'.repeat(4_000_000))
  expect(await ask()).toMatchObject({ isError: true, output: 'The answer is larger than 3 MB.' })
})
