import { describe, expect, test } from 'vitest'
import {
  failureReason,
  passes,
  proxyAnswer,
  releasesToRemove,
  restartDelayMs,
  shownStatus,
  stateAfterProbe,
  switchGate,
  trialGate,
} from './rules.ts'

test('pauses double up to half a minute, spread by a quarter', () => {
  expect([1, 2, 3, 4].map((failures) => restartDelayMs(failures, 0.5))).toEqual([250, 500, 1000, 2000])
  expect(restartDelayMs(40, 0.5)).toBe(30_000)
  expect(restartDelayMs(1, 0)).toBeLessThan(restartDelayMs(1, 0.999))
  expect(restartDelayMs(100, 0.999)).toBeLessThan(34_000)
})

describe('a probe', () => {
  test.each([
    ['UP', { alive: true, httpStatus: 200 }, 'UP', null],
    ['DOWN', { alive: true, httpStatus: 204 }, 'UP', null],
    ['UP', { alive: false, httpStatus: null }, 'DOWN', 'ended'],
    ['UP', { alive: true, httpStatus: null }, 'DOWN', 'does not answer'],
    ['UP', { alive: true, httpStatus: 500 }, 'DOWN', 'status 500'],
    ['UP', { alive: true, httpStatus: 302 }, 'DOWN', 'status 302'],
  ] as const)('finds a service that was %s', (state, probe, after, reason) => {
    const found = stateAfterProbe(state, probe)
    expect(found?.state).toBe(after)
    if (reason) expect(found?.reason).toContain(reason)
    else expect(found?.reason).toBeNull()
  })
  test.each(['STOPPED', 'STARTING', 'NEVER_DEPLOYED'] as const)('says nothing of a service that is %s', (state) => {
    expect(stateAfterProbe(state, { alive: true, httpStatus: 200 })).toBeNull()
  })
})

test('a gate asks for health, a trial only for an answer', () => {
  expect([200, 299, 302, 500, null].map((status) => passes(status, switchGate))).toEqual([true, true, false, false, false])
  expect([200, 404, 500, null].map((status) => passes(status, trialGate))).toEqual([true, true, true, false])
})

test('a reason carries the last words, within its bound', () => {
  expect(failureReason('It ended.', [])).toBe('It ended.')
  expect(failureReason('It ended.', ['', '  a ', 'b'])).toBe('It ended. Its last words: a | b')
  expect(failureReason('It ended.', ['x'.repeat(2_000)])).toHaveLength(600)
})

test('the newest releases and the current one stay', () => {
  expect(releasesToRemove([1, 2, 3, 4, 5, 6, 7], 7)).toEqual([1, 2])
  expect(releasesToRemove([1, 2, 3, 4, 5, 6, 7], 1)).toEqual([2])
  expect(releasesToRemove([3], null)).toEqual([])
})

test('of the healthy versions only the current is shown so', () => {
  expect(shownStatus('HEALTHY', true)).toBe('HEALTHY')
  expect(shownStatus('HEALTHY', false)).toBe('REPLACED')
  expect(shownStatus('FAILED', false)).toBe('FAILED')
})

test('what the proxy does follows from the state', () => {
  const states = [null, 'NEVER_DEPLOYED', 'STARTING', 'UP', 'DOWN', 'STOPPED'] as const
  expect(states.map(proxyAnswer)).toEqual(['unknown', 'undeployed', 'hold', 'forward', 'forward', 'stopped'])
})
