import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { socketPath, workFolder } from '@/server/core/paths.ts'

/** Socket names have one length, so that all of a data directory's lie in one folder. */
const short = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 12)
const controlSuffix = '.ctl'

/** Where the files of one service lie in a data directory. */
export function servicePlaces(dataDir: string, slug: string) {
  const root = join(workFolder(dataDir, 'services'), slug)
  return {
    root,
    releases: join(root, 'releases'),
    release: (number: number) => join(root, 'releases', String(number)),
    /** The app's own data; outlives deployments. */
    data: join(root, 'data'),
    /** A copy of the data, for version `number` to prove itself on. */
    candidateData: (number: number) => join(root, `candidate-${number}`),
    spool: join(root, 'spool'),
  }
}

/** Where a supervisor's sockets and files lie; `key` is its name. */
export function supervisorPlaces(dataDir: string, key: string) {
  const name = short(key)
  const controlSocket = socketPath(dataDir, name + controlSuffix)
  // The folder, not the socket, is bound into the sandbox, since the forwarder makes the socket anew at each start.
  const socketDir = join(dirname(controlSocket), `${name}.d`)
  return {
    controlSocket,
    socketDir,
    appSocket: join(socketDir, 'app.sock'),
    statePath: join(dataDir, 'supervisors', `${name}.json`),
    logPath: join(dataDir, 'supervisors', `${name}.log`),
  }
}

/** Files in which older versions handed a supervisor what it keeps, its app's environment too; each was read once. */
export const oldSpecs = (dataDir: string) => ({ dir: join(dataDir, 'supervisors'), isSpec: (name: string) => name.includes('.spec.json') })

/** The folder of a data directory's control sockets, and which names in it are such. */
export function controlSockets(dataDir: string) {
  return { dir: dirname(socketPath(dataDir, short('') + controlSuffix)), isControl: (name: string) => /^[0-9a-f]{12}\.ctl$/.test(name) }
}
