import { describe, expect, test } from 'vitest'
import { readAnswer, retryAfter, wakeTime } from './answer.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const sdk = { 'x-inngest-sdk': 'js:v4', 'x-inngest-req-version': '2' }
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readAnswer(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { ...sdk, ...headers } }), now)

describe('readAnswer', () => {
  test.each([
    ['a result', 200, { ok: 1 }, {}, { kind: 'finished', result: '{"ok":1}', version: 2 }],
    ['an empty result', 200, '', {}, { kind: 'finished', result: 'null' }],
    [
      'a single op',
      206,
      { id: 'a', op: 'StepRun', data: 1 },
      {},
      { kind: 'progress', memos: [{ stepId: 'a', memo: '{"data":1}' }], plans: [], discover: true },
    ],
    [
      'planned steps',
      206,
      [{ id: 'a', op: 'StepPlanned' }],
      {},
      { kind: 'progress', memos: [], plans: [{ stepId: 'a', kind: 'call', dueAt: now, eager: false }], discover: false },
    ],
    [
      'planned steps of a race',
      206,
      [{ id: 'a', op: 'StepPlanned', opts: { parallelMode: 'race' } }],
      {},
      { kind: 'progress', plans: [{ eager: true }] },
    ],
    [
      'planned steps of the old protocol',
      206,
      [{ id: 'a', op: 'StepPlanned' }],
      { 'x-inngest-req-version': '1' },
      { kind: 'progress', plans: [{ eager: true }], version: 1 },
    ],
    [
      'a sleep',
      206,
      [{ id: 'a', op: 'Sleep', name: '1h30m' }],
      {},
      { kind: 'progress', plans: [{ stepId: 'a', kind: 'sleep', dueAt: now + 5_400_000 }] },
    ],
    [
      'the end among steps',
      206,
      [
        { id: 'a', op: 'StepRun', data: 1 },
        { id: 'c', op: 'RunComplete', data: 5 },
      ],
      {},
      { kind: 'finished', result: '5' },
    ],
    ['a wish to be called again', 206, [{ id: 'a', op: 'DiscoveryRequest' }], {}, { kind: 'progress', discover: true }],
    [
      'a failing step',
      206,
      [{ id: 'a', op: 'StepError', error: { name: 'E', message: 'm' } }],
      { 'retry-after': '30' },
      { kind: 'step-error', stepId: 'a', error: { name: 'E', message: 'm' }, final: false, retryAfterMs: 30_000 },
    ],
    [
      'a failing step without retry',
      206,
      [{ id: 'a', op: 'StepError', error: 'm' }],
      { 'x-inngest-no-retry': 'true' },
      { kind: 'step-error', final: true, error: { message: 'm' } },
    ],
    ['a failed step', 206, [{ id: 'a', op: 'StepFailed', error: { message: 'm' } }], {}, { kind: 'step-error', final: true }],
    [
      'a failing function',
      500,
      { name: 'E', message: 'm' },
      { 'x-inngest-no-retry': 'false' },
      { kind: 'error', error: { name: 'E', message: 'm' }, final: false },
    ],
    ['a failed function', 400, { name: 'E', message: 'm' }, { 'x-inngest-no-retry': 'true' }, { kind: 'error', final: true }],
    [
      'a step that is not there',
      500,
      { error: 'Could not find step', requestedStep: 'a', foundSteps: [] },
      {},
      { kind: 'error', error: { message: 'Could not find step' }, final: false },
    ],
    ['an unknown op', 206, [{ id: 'a', op: 'WaitForSignal' }], {}, { kind: 'error', final: true, error: { name: 'UnsupportedStep' } }],
    ['a sleep without end', 206, [{ id: 'a', op: 'Sleep', name: 'soon' }], {}, { kind: 'error', final: true }],
    ['no JSON', 206, '<html>', {}, { kind: 'error', final: false, error: { name: 'ProtocolError' } }],
    ['no ops', 206, [], {}, { kind: 'error', final: false }],
    ['ops without an id', 206, [{ op: 'StepRun' }], {}, { kind: 'error', final: false }],
    ['an unexpected status', 302, '', {}, { kind: 'error', final: false }],
    ['an error without words', 500, 'null', {}, { kind: 'error', final: false, error: { message: expect.stringMatching(/\w/) } }],
  ])('%s', async (_, status, body, headers, expected) => {
    expect(await answer(status, body, headers)).toMatchObject(expected)
  })

  test("an answer that is not the SDK's", async () => {
    expect(await readAnswer(new Response('{}', { status: 200 }), now)).toMatchObject({ kind: 'error', final: false })
  })
})

test.each([
  ['5', 5_000],
  ['0', 1_000],
  ['999999999', 86_400_000],
  ['2026-01-01T00:01:00Z', 60_000],
  ['2020-01-01T00:00:00Z', 1_000],
  ['soon', undefined],
  [null, undefined],
])('retry-after %s', (header, ms) => expect(retryAfter(header, now).retryAfterMs).toBe(ms))

test.each([
  ['10s', 10_000],
  ['1w2d', 9 * 86_400_000],
  ['1m500ms', 60_500],
  ['2026-01-01T00:00:01.000Z', 1_000],
  ['', undefined],
])('a sleep of %s', (text, ms) => expect(wakeTime(text, now)).toBe(ms === undefined ? undefined : now + ms))
