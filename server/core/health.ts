import { pool } from './db.ts'
import { registry } from './registry.ts'

/** How one thing that this server depends on is; `reason` says why it is not well. */
export interface DependencyState {
  status: 'healthy' | 'unhealthy'
  reason?: string
}

/** How the whole is: degraded where only something is unwell that most pages do without. */
export interface Readiness {
  status: 'healthy' | 'degraded' | 'unhealthy'
  dependencies: Record<string, DependencyState>
}

const checkTimeoutMs = 2_000
/** Without these nothing can be answered. */
const vital = new Set(['database'])

async function within(name: string, check: () => Promise<void>): Promise<[string, DependencyState]> {
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs / 1000} s`)), checkTimeoutMs)
    })
    await Promise.race([check(), late])
    return [name, { status: 'healthy' }]
  } catch (error) {
    // The words are ours or a driver's about a connection; neither holds a secret, but an address may stand in them.
    const code = (error as NodeJS.ErrnoException).code
    return [name, { status: 'unhealthy', reason: code ? `error ${code}` : (error as Error).message }]
  } finally {
    clearTimeout(timer)
  }
}

async function database(): Promise<void> {
  await pool().query('SELECT 1')
}

/** Asks every dependency how it is: the database, and what `main.ts` has put into the registry's `checks`. */
export async function readiness(): Promise<Readiness> {
  const checks: Record<string, () => Promise<void>> = { database, ...registry('checks') }
  const found = await Promise.all(Object.entries(checks).map(([name, check]) => within(name, check)))
  const unwell = found.filter(([, state]) => state.status === 'unhealthy').map(([name]) => name)
  const status = unwell.some((name) => vital.has(name)) ? 'unhealthy' : unwell.length > 0 ? 'degraded' : 'healthy'
  return { status, dependencies: Object.fromEntries(found) }
}
