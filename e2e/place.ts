import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const hash = createHash('sha256')
  .update(`${import.meta.dirname} ${userInfo().uid}`)
  .digest()

/** The port of this checkout's browser tests, for each user another one; every process that loads the configuration comes to the same one. */
export const port = 20_000 + (hash.readUInt16BE(0) % 10_000)
export const baseURL = `http://localhost:${port}`
export const dataDir = join(tmpdir(), `maestro-e2e-${hash.toString('hex').slice(0, 8)}`)

const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']
/** A Chromium of the system; without one, Playwright's own is used. */
export const chromium = system.find((path) => existsSync(path))

/** What the server of these tests is told, also where a test starts it again: all their people come from one address within minutes. */
export const environment = { MAESTRO_RATE_LIMIT_SCALE: '50' }
