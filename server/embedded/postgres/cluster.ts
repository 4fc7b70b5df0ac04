import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Location } from './location.ts'
import { programEnv, superuser } from './postmaster.ts'

const run = promisify(execFile)
const passwordFile = 'maestro-password'

/** The superuser's password; it lies inside the cluster, so that the two can never be of different origin. */
export async function readPassword(cluster: string): Promise<string> {
  return (await readFile(join(cluster, passwordFile), 'utf8')).trim()
}

/**
 * Makes the cluster where there is none, with a random password. It is made beside its place and moved there whole:
 * a start that was killed half-way leaves nothing that looks finished, and of several starters the first one wins.
 */
export async function ensureCluster(location: Location, options: { durable: boolean }): Promise<string> {
  const { cluster, programs, identity } = location
  if (existsSync(join(cluster, 'PG_VERSION'))) return readPassword(cluster)
  const draft = `${cluster}.new-${randomBytes(4).toString('hex')}`
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const secret = `${draft}.secret`
  try {
    const password = randomBytes(24).toString('base64url')
    await writeFile(secret, password, { mode: 0o600 })
    const { uid, gid } = identity
    if (uid !== undefined && gid !== undefined) await Promise.all([draft, secret].map((path) => chown(path, uid, gid)))
    const flags = [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ]
    await run(join(programs, 'bin', 'initdb'), options.durable ? flags : [...flags, '--no-sync'], {
      ...identity,
      cwd: '/',
      env: programEnv,
    })
    await rename(secret, join(draft, passwordFile))
    await rename(draft, cluster).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await Promise.all([draft, secret].map((path) => rm(path, { recursive: true, force: true })))
  }
  return readPassword(cluster)
}
