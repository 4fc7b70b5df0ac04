import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from './command-line.ts'

/** Asks a person at a terminal, without showing what they type. */
function askSilently(question: string): Promise<string> {
  let silent = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!silent) process.stderr.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  return new Promise((resolve, reject) => {
    terminal.on('close', () => reject(new UsageError('No passphrase was given.')))
    terminal.question(question, (answer) => {
      resolve(answer)
      process.stderr.write('\n')
      terminal.close()
    })
    silent = true
  })
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new UsageError(`The passphrase cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? 'it is no file'}.`)
  }
}

/**
 * A passphrase from a file, else from the environment, else typed at the terminal; never from the command line, where others could read it.
 * @param twice has it typed twice, where nobody could tell later that it was mistyped
 * @throws UsageError where there is none
 */
export async function readPassphrase({ file, given, twice }: { file?: string; given?: string; twice: boolean }): Promise<string> {
  if (file !== undefined) return fromFile(file)
  if (given !== undefined) return given
  if (!process.stdin.isTTY)
    throw new UsageError('A passphrase is needed: name its file with --passphrase-file, or set MAESTRO_BACKUP_PASSPHRASE.')
  const first = await askSilently('Passphrase: ')
  if (twice && (await askSilently('The same again: ')) !== first) throw new UsageError('These were two different passphrases.')
  return first
}
