import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// Written by hand and small, so that a test of the platform never depends on what a model writes.
const server = `
import { createServer } from 'node:http'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync, renameSync } from 'node:fs'
import { spawn } from 'node:child_process'
const file = process.env.DATA_DIR + '/data.json'
const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { notes: [] })
const version = process.env.VERSION ?? '1'
const started = Date.now()
console.log('tiny app ' + version + ' is up')
if (process.env.SPAWN) spawn('sleep', [process.env.SPAWN], { detached: true, stdio: 'ignore' }).unref()
if (process.env.DIE_AFTER_MS) setTimeout(() => { console.error('dying on purpose'); process.exit(7) }, Number(process.env.DIE_AFTER_MS))
if (process.env.DIE_ON_DATA && existsSync(process.env.DATA_DIR + '/' + process.env.DIE_ON_DATA)) { console.error('cannot read the data'); process.exit(3) }
if (process.env.MIGRATE) writeFileSync(file, JSON.stringify({ notes: ['migrated by ' + version] }))
const app = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://app')
  const json = (status, body) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(JSON.stringify(body)) }
  if (url.pathname === '/healthz') return json(process.env.SICK ? 500 : 200, { ok: !process.env.SICK })
  if (url.pathname === '/version') return json(200, { version, pid: process.pid, started })
  if (url.pathname === '/headers') return json(200, request.headers)
  if (url.pathname === '/crash') { json(200, {}); return setTimeout(() => process.exit(9), 20) }
  if (url.pathname === '/say') { console.log('x'.repeat(100) + '\\n'.repeat(1)); return json(200, {}) }
  if (url.pathname === '/flood') { for (let i = 0; i < 40000; i++) console.log('line ' + i + ' ' + 'y'.repeat(100)); return json(200, {}) }
  if (url.pathname === '/cookies') {
    response.setHeader('set-cookie', ['a=1; Path=/; Domain=example.test; HttpOnly', 'b=2; domain=.localhost', 'c=3; Path=/'])
    response.setHeader('connection', 'close, x-private'); response.setHeader('x-private', 'secret')
    return json(200, {})
  }
  if (url.pathname === '/echo') { response.writeHead(200, { 'content-type': 'application/octet-stream' }); request.on('data', (chunk) => response.write(chunk)); request.on('end', () => response.end()); return }
  if (url.pathname === '/slow') { response.writeHead(200); response.write('first'); return setTimeout(() => response.end('last'), Number(url.searchParams.get('ms') ?? 200)) }
  if (url.pathname === '/never') return
  if (url.pathname === '/cut') { response.writeHead(200, { 'content-length': '100' }); response.write('half'); return setTimeout(() => response.destroy(), 20) }
  if (url.pathname === '/notes' && request.method === 'POST') {
    let text = ''
    for await (const chunk of request) text += chunk
    const data = read()
    data.notes.push(text)
    writeFileSync(file + '.new', JSON.stringify(data)); renameSync(file + '.new', file)
    return json(201, data)
  }
  if (url.pathname === '/notes') return json(200, read())
  json(404, { error: { message: 'not found' } })
})
// Just enough of a WebSocket: the handshake, then every byte comes back.
app.on('upgrade', (request, socket) => {
  if (request.url === '/refuse') return socket.end('HTTP/1.1 403 Forbidden\\r\\nset-cookie: d=4; Domain=example.test\\r\\ncontent-length: 2\\r\\n\\r\\nno')
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nset-cookie: w=1; Domain=example.test\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n')
  socket.on('error', () => {}).on('data', (bytes) => socket.write(bytes))
})
setTimeout(() => app.listen(process.env.PORT), Number(process.env.START_MS ?? 0))
`

/** Writes a small app by hand into `dir`; the environment of its run description makes it misbehave (`DIE_AFTER_MS`, `SICK`, `SPAWN`, …). */
export async function writeTinyApp(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const manifest = { name: 'tiny', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' } }
  await writeFile(join(dir, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(dir, 'server.js'), server)
}
