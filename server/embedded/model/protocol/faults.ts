import type { IncomingHttpHeaders } from 'node:http'
import { ApiError, type ErrorType, errorStatus } from './errors.ts'

/**
 * Faults and controls that a request asks for, several separated by commas: in the header `x-demo-fault`, or, where it is no crew's work,
 * as `[demo …]` in the system text or in the words of the last message.
 *
 * - errors: `400`, `401`, `403`, `404`, `413`, `429;retry-after=1`, `500`, `529`
 * - streams that break: `sse-error` and `cut`, with `;after=n` not before that many deltas
 * - answers: `refusal`, `max_tokens` (ended half-way), `empty`
 * - conduct: `hostile` (`hostile=short` comes to an end), `lie`
 * - pace: `slow=ms` before the first words; `rate=n` deltas a second; `words=n` deltas of the form ` [number:time]`, where the time is when
 *   it was sent, in milliseconds with fractions since 1970
 *
 * With `;times=n` a fault strikes only the first n tries of the same request.
 */
export interface Faults {
  sseError: boolean
  cut: boolean
  /** Deltas before a stream breaks. */
  breaksAfter: number
  slowMs: number
  hostile: boolean
  /** Hostile for some turns only. */
  short: boolean
  /** The roles that work with tools end their turn at once and claim that all is done. */
  lie: boolean
  ending: 'refusal' | 'max_tokens' | 'empty' | null
  /** Deltas a second; 0 where they are not held back. */
  rate: number
  /** Deltas that carry their number and time, in place of the answer's text; 0 for none. */
  words: number
}

const maxSlowMs = 600_000
const maxRate = 10_000
const maxWords = 100_000

type Option = (name: string) => string | undefined
/** How often the same request was sent before. */
export type Tries = () => number

const within = (value: string | undefined, most: number) => Math.min(Math.max(Number(value) || 0, 0), most)

/** What a text asks for in `[demo …]`. */
export const controlsIn = (text: string): string => [...text.matchAll(/\[demo:?\s+([^\][]{1,200})\]/gi)].map(([, words]) => words).join(',')

/**
 * Reads the header, and what else asks for faults.
 * @throws ApiError where the fault is itself an error answer, or where no such fault is known
 */
export function faultsOf(headers: IncomingHttpHeaders, preset = '', sentBefore: Tries = () => 0): Faults {
  const faults: Faults = {
    ...{
      sseError: false,
      cut: false,
      breaksAfter: 1,
      slowMs: 0,
      hostile: false,
      short: false,
      lie: false,
      ending: null,
      rate: 0,
      words: 0,
    },
  }
  const asked = [preset, String(headers['x-demo-fault'] ?? '')].join(',').split(',')
  for (const spec of asked.map((part) => part.trim()).filter((part) => part !== '')) {
    const [kind = '', ...options] = spec.split(';').map((part) => part.trim())
    const option: Option = (name) => options.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
    const times = option('times')
    const tries = (): number => Math.max(Number(headers['x-stainless-retry-count'] ?? 0), sentBefore())
    if (times === undefined || tries() < Number(times)) apply(kind, option, faults)
  }
  return faults
}

function refuse(kind: string, option: Option): void {
  const type = (Object.keys(errorStatus) as ErrorType[]).find((one) => String(errorStatus[one]) === kind)
  if (!type) return
  if (type === 'rate_limit_error')
    throw new ApiError(type, 'This request would exceed the rate limit (fault control).', { 'retry-after': option('retry-after') ?? '1' })
  const words = type === 'overloaded_error' ? 'Overloaded' : `The demo model was asked for a ${kind}`
  throw new ApiError(type, `${words} (fault control).`)
}

function apply(kind: string, option: Option, faults: Faults): void {
  const [name = '', value] = kind.split('=')
  refuse(name, option)
  if (name === 'sse-error' || name === 'cut') {
    faults[name === 'cut' ? 'cut' : 'sseError'] = true
    faults.breaksAfter = Math.max(1, within(option('after'), maxWords))
  } else if (name === 'refusal' || name === 'max_tokens' || name === 'empty') faults.ending = name
  else if (name === 'slow') faults.slowMs = within(value, maxSlowMs)
  else if (name === 'rate') faults.rate = within(value, maxRate)
  else if (name === 'words') faults.words = Math.floor(within(value, maxWords))
  else if (name === 'hostile') Object.assign(faults, { hostile: true, short: value === 'short' })
  else if (name === 'lie') faults.lie = true
  else throw new ApiError('invalid_request_error', `x-demo-fault: unknown fault "${kind.slice(0, 60)}"`)
}
