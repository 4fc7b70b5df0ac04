/** How the program is called that answers for a project of pages alone; it lies beside them in the release. */
export const staticServerName = '.maestro-pages.mjs'

/** Serves the pages that lie beside it, and nothing that is hidden or lies elsewhere. */
export const staticServer = `import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, sep } from 'node:path'

const root = import.meta.dirname ?? process.cwd()
const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.webp': 'image/webp', '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8', '.md': 'text/plain; charset=utf-8', '.woff2': 'font/woff2', '.wasm': 'application/wasm',
}

async function fileOf(url) {
  const path = decodeURIComponent(new URL(url, 'http://pages').pathname)
  if (path.includes('\\0') || path.split('/').some((part) => part.startsWith('.'))) return null
  const full = await realpath(join(root, path))
  if (full !== root && !full.startsWith(root + sep)) return null
  const found = await stat(full)
  return found.isDirectory() ? join(full, 'index.html') : full
}

createServer(async (request, answer) => {
  const file = await fileOf(request.url ?? '/').catch(() => null)
  const found = file && (await stat(file).catch(() => null))
  if (!found?.isFile()) return answer.writeHead(404, { 'content-type': 'text/plain' }).end('Not found')
  answer.writeHead(200, { 'content-type': types[extname(file).toLowerCase()] ?? 'application/octet-stream', 'content-length': found.size })
  if (request.method === 'HEAD') return answer.end()
  createReadStream(file).on('error', () => answer.destroy()).pipe(answer)
}).listen(Number(process.env.PORT))
`
