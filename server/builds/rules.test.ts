import { describe, expect, test } from 'vitest'
import { byPosition, durationMs, formatDuration, mergeStatus, planStages, settleStatus, weather } from './rules.ts'
import { buildStatuses, definitionSchema } from './schema.ts'

describe('a status is merged from its children', () => {
  test.each([
    [[], 'NOT_BUILT'],
    [['SUCCESS', 'SUCCESS'], 'SUCCESS'],
    [['SUCCESS', 'NOT_BUILT'], 'SUCCESS'],
    [['SUCCESS', 'UNSTABLE'], 'UNSTABLE'],
    [['UNSTABLE', 'FAILURE', 'NOT_BUILT'], 'FAILURE'],
    [['FAILURE', 'ABORTED'], 'ABORTED'],
    [['FAILURE', 'RUNNING'], 'RUNNING'],
    [['QUEUED', 'QUEUED'], 'QUEUED'],
    [['SUCCESS', 'QUEUED'], 'RUNNING'],
    [['NOT_BUILT'], 'NOT_BUILT'],
  ] as const)('%j -> %s', (children, status) => expect(mergeStatus(children)).toBe(status))

  test('order and repetition do not matter, and merging merges of parts is merging the whole', () => {
    for (const a of buildStatuses)
      for (const b of buildStatuses) {
        expect(mergeStatus([a, b])).toBe(mergeStatus([b, a, a]))
        for (const c of buildStatuses.filter((status) => !['QUEUED', 'RUNNING'].includes(status)))
          if (![a, b].includes('QUEUED')) expect(mergeStatus([mergeStatus([a, b]), c])).toBe(mergeStatus([a, b, c]))
      }
  })

  test('once the work is over nothing is left open', () => {
    expect(settleStatus(['SUCCESS', 'QUEUED'])).toBe('SUCCESS')
    expect(settleStatus(['SUCCESS', 'RUNNING'])).toBe('ABORTED')
    expect(settleStatus(['QUEUED'])).toBe('NOT_BUILT')
  })
})

test('weather counts the last five that ended', () => {
  expect(weather([])).toBeNull()
  expect(weather(['RUNNING', 'NOT_BUILT'])).toBeNull()
  expect(weather(['RUNNING', 'SUCCESS', 'FAILURE'])).toBe(0.5)
  expect(weather(['FAILURE', 'SUCCESS', 'SUCCESS', 'UNSTABLE', 'SUCCESS', 'FAILURE', 'FAILURE'])).toBe(0.6)
})

test('durations', () => {
  expect(durationMs(new Date(5), null)).toBeNull()
  expect(durationMs(new Date(5), new Date(2))).toBe(0)
  expect([840, 12_400, 184_000, 7_500_000].map(formatDuration)).toEqual(['0.8 s', '12 s', '3 min 4 s', '2 h 5 min'])
})

test('a definition becomes stages with keys of their own, whatever they are called', () => {
  const step = { name: 'a', run: 'true' }
  const definition = definitionSchema.parse({
    stages: [
      { name: '준비', steps: [step] },
      {
        name: 'Test',
        steps: [step],
        parallel: [
          { name: 'Unit tests', steps: [step] },
          { name: 'Unit tests', steps: [step, step] },
        ],
      },
      { name: 'Test', steps: [step] },
    ],
  })
  const stages = planStages(definition)
  expect(stages.map(({ key, position, branch }) => [key, position, branch])).toEqual([
    ['1', 1, null],
    ['2-test', 2, null],
    ['3-1-unit-tests', 3, 'Unit tests'],
    ['3-2-unit-tests', 3, 'Unit tests'],
    ['4-test', 4, null],
  ])
  expect(byPosition(stages).map((group) => group.length)).toEqual([1, 1, 2, 1])
})
