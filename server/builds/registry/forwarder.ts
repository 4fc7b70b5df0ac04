/** Where the proxy's socket stands inside the sandbox. */
export const socketInside = '/run/maestro-registry.sock'
const port = 4873

/** What a package manager is told about the way out. */
export const forwarderEnv = {
  npm_config_proxy: `http://127.0.0.1:${port}`,
  npm_config_https_proxy: `http://127.0.0.1:${port}`,
  npm_config_noproxy: '',
  HTTP_PROXY: `http://127.0.0.1:${port}`,
  HTTPS_PROXY: `http://127.0.0.1:${port}`,
}

// Runs inside the sandbox: carries bytes between a port of its own loopback and the socket, starts the command, ends as it ends.
const source = `
const net = require('node:net')
const { spawn } = require('node:child_process')
const { constants } = require('node:os')
const [port, socket, program, ...args] = process.argv.slice(1)
net.createServer({ allowHalfOpen: true }, (near) => {
  const far = net.connect({ path: socket, allowHalfOpen: true })
  near.pipe(far).pipe(near)
  near.on('error', () => far.destroy())
  far.on('error', () => near.destroy())
}).listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, args, { stdio: 'inherit' })
  child.on('error', (error) => { console.error(error.message); process.exit(127) })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
})
`

/** A command with the way to the registry opened for it. */
export function forwarderCommand(command: readonly string[]): readonly string[] {
  return ['node', '-e', source, '--', String(port), socketInside, ...command]
}
