/**
 * Runs inside the sandbox, as one plain file: opens a terminal there and starts a shell on it, so that this machine's own terminals are nobody's to
 * reach. Its standard output is the terminal's, byte for byte; its standard input is a row of messages, each with a letter, its length in four bytes and its
 * content: `i` is typed, `r` is a new size. The end of that input ends everything here.
 *
 * `node terminal.js <columns> <rows> <shell…>`
 */
import { Socket } from 'node:net'
import { spawn } from '@lydell/node-pty'

const headBytes = 5
const [cols = '80', rows = '24', shell = '/bin/sh', ...args] = process.argv.slice(2)
// Not `process.stdout`: a write to it may hold up what is typed meanwhile.
const out = new Socket({ fd: 1, readable: false, writable: true })
const pty = spawn(shell, args, {
  name: 'xterm-256color',
  cols: Number(cols),
  rows: Number(rows),
  cwd: '/workspace',
  encoding: null,
})

pty.onData((data) => {
  if (out.write(data)) return
  pty.pause()
  out.once('drain', () => pty.resume())
})
pty.onExit(({ exitCode, signal }) => {
  const code = signal ? 128 + signal : exitCode
  out.end(() => process.exit(code))
})
out.on('error', () => process.exit(1))

function obey(kind: string, content: Buffer): void {
  if (kind === 'i') pty.write(content.toString())
  else if (kind === 'r') {
    const size = JSON.parse(content.toString()) as { cols: number; rows: number }
    pty.resize(size.cols, size.rows)
  }
}

let rest = Buffer.alloc(0)
process.stdin.on('data', (bytes: Buffer) => {
  rest = Buffer.concat([rest, bytes])
  while (rest.length >= headBytes && rest.length >= headBytes + rest.readUInt32BE(1)) {
    const end = headBytes + rest.readUInt32BE(1)
    obey(rest.toString('latin1', 0, 1), rest.subarray(headBytes, end))
    rest = rest.subarray(end)
  }
})
process.stdin.on('end', () => process.exit(1))
