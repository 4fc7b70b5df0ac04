import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from './errors.ts'

/**
 * Faults that a request asks for in `x-demo-fault`, several separated by commas:
 * `429;retry-after=1`, `529`, `sse-error`, `cut`, `slow=ms`, `hostile`, `lie`. With `;times=n` a fault strikes only the first n
 * tries of a call, which the SDK numbers in a header of its own; so even a retry that succeeds needs no state here.
 */
export interface Faults {
  sseError: boolean
  cut: boolean
  slowMs: number
  hostile: boolean
  /** The roles that work with tools end their turn at once and claim that all is done. */
  lie: boolean
}

const maxSlowMs = 600_000

/**
 * Reads the header.
 * @throws ApiError where the fault is itself an error answer, or where the header names no known fault
 */
export function faultsOf(headers: IncomingHttpHeaders, preset = ''): Faults {
  const faults: Faults = { sseError: false, cut: false, slowMs: 0, hostile: false, lie: false }
  const tries = Number(headers['x-stainless-retry-count'] ?? 0)
  const asked = [preset, String(headers['x-demo-fault'] ?? '')].join(',')
  for (const spec of asked
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [kind = '', ...options] = spec.split(';').map((part) => part.trim())
    const option = (name: string): string | undefined => options.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
    const times = Number(option('times') ?? Number.POSITIVE_INFINITY)
    if (tries < times) apply(kind, option, faults)
  }
  return faults
}

function apply(kind: string, option: (name: string) => string | undefined, faults: Faults): void {
  const [name, value] = kind.split('=')
  if (name === '429')
    throw new ApiError('rate_limit_error', 'This request would exceed the rate limit (fault control).', {
      'retry-after': option('retry-after') ?? '1',
    })
  if (name === '529') throw new ApiError('overloaded_error', 'Overloaded (fault control).')
  if (name === 'sse-error') faults.sseError = true
  else if (name === 'cut') faults.cut = true
  else if (name === 'slow') faults.slowMs = Math.min(Math.max(Number(value) || 0, 0), maxSlowMs)
  else if (name === 'hostile') faults.hostile = true
  else if (name === 'lie') faults.lie = true
  else throw new ApiError('invalid_request_error', `x-demo-fault: unknown fault "${kind.slice(0, 60)}"`)
}
