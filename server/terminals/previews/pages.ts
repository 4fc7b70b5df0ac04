/**
 * Runs inside the sandbox, as one plain file without dependencies: serves the pages of /workspace on a port, as they lie there. The first of some usual folders
 * that has an index.html is shown; what a path names outside of it is not there.
 *
 * `node pages.js <port>`
 */
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, sep } from 'node:path'

const folders = ['', 'public', 'dist', 'build', 'out', 'docs'].map((name) => join('/workspace', name))
const types: Record<string, string> = {
  ...{ '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' },
  ...{
    '.mjs': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.txt': 'text/plain; charset=utf-8',
    '.svg': 'image/svg+xml',
  },
  ...{
    '.png': 'image/png',
    '.jpg': 'image/jpeg',
    '.jpeg': 'image/jpeg',
    '.gif': 'image/gif',
    '.webp': 'image/webp',
    '.ico': 'image/x-icon',
  },
  ...{ '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.mp3': 'audio/mpeg', '.mp4': 'video/mp4', '.pdf': 'application/pdf' },
}

/** The file that a path names, or null. */
function fileFor(path: string): string | null {
  const root = folders.find((folder) => existsSync(join(folder, 'index.html'))) ?? '/workspace'
  try {
    const wanted = join(root, decodeURIComponent(path))
    const found = realpathSync(statSync(wanted).isDirectory() ? join(wanted, 'index.html') : wanted)
    return found.startsWith(`${realpathSync(root)}${sep}`) && statSync(found).isFile() ? found : null
  } catch {
    return null
  }
}

const server = createServer((request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
  const file = fileFor(new URL(request.url ?? '/', 'http://localhost').pathname)
  if (!file) return void response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404')
  const type = types[extname(file).toLowerCase()] ?? 'application/octet-stream'
  response.writeHead(200, { 'content-type': type, 'content-length': statSync(file).size, 'cache-control': 'no-store' })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
})
server.listen(Number(process.argv[2]), '127.0.0.1')
