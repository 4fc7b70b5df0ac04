import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, errors } from 'jose'
import { passphraseSchema } from '../schema.ts'
import { type Backup, type BackupText, backupRefusal, backupSchema } from './types.ts'

const heading = 'Maestro: a backup of keys, version 1. It opens with its passphrase alone; keep the two apart.'
/** Rounds of PBKDF2: about a third of a second for each guess. */
const rounds = 600_000
const mostRounds = 10_000_000

const passphraseBytes = (passphrase: string): Uint8Array => {
  // The same passphrase typed on another keyboard may come in another form.
  const normal = passphrase.normalize('NFKC')
  if (!passphraseSchema.safeParse(normal).success) throw backupRefusal('passphraseShort')
  return new TextEncoder().encode(normal)
}
const sumOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** The file: a heading for people, the JWE, and its sum, by which damage is told from a wrong passphrase. */
export async function sealBackup(backup: BackupText, passphrase: string): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify(backup))
  const jwe = await new CompactEncrypt(plain)
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'maestro-keys+jwe' })
    .setKeyManagementParameters({ p2c: rounds })
    .encrypt(passphraseBytes(passphrase))
  plain.fill(0)
  return Buffer.from(`${heading}\n${jwe}\nsha256:${sumOf(jwe)}\n`)
}

/** The JWE of a file that is whole. */
function jweOf(file: Uint8Array): string {
  const text = Buffer.from(file).toString('latin1').replaceAll('\r\n', '\n')
  const [first = '', jwe = '', sum = '', ...rest] = text.split('\n')
  if (first !== heading) throw backupRefusal(heading.startsWith(text) && text !== '' ? 'backupAltered' : 'backupUnknown')
  if (sum !== `sha256:${sumOf(jwe)}` || rest.join('').trim() !== '') throw backupRefusal('backupAltered')
  return jwe
}

/**
 * Opens a backup.
 * @throws AppError BAD_REQUEST (no backup), CONFLICT (cut off or altered), FORBIDDEN (wrong passphrase)
 */
export async function openBackup(file: Uint8Array, passphrase: string): Promise<Backup> {
  const jwe = jweOf(file)
  const options = {
    keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
    contentEncryptionAlgorithms: ['A256GCM'],
    maxPBES2Count: mostRounds,
  }
  const { plaintext } = await compactDecrypt(jwe, passphraseBytes(passphrase), options).catch((error) => {
    throw backupRefusal(error instanceof errors.JWEDecryptionFailed ? 'backupPassphrase' : 'backupUnknown', error)
  })
  const text = Buffer.from(plaintext)
  try {
    return backupSchema.parse(JSON.parse(text.toString('utf8')))
  } catch {
    // What a parser says may repeat what it read.
    throw backupRefusal('backupUnknown')
  } finally {
    text.fill(0)
    plaintext.fill(0)
  }
}
