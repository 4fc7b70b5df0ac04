import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { frameWriter } from '../envelope/frames.ts'
import type { Claims, Frame } from '../envelope/types.ts'
import { openAnswer } from './opened.ts'

const head: Frame = { kind: 'head', status: 200, headers: { 'content-type': 'application/json' } }
const state: Frame = { kind: 'state', state: 'waiting', status: 529, waitMs: 1, attempt: 1 }

/** An answer of these frames that never ends. */
function answer(frames: Frame[]) {
  const claims = { reply: randomBytes(32).toString('base64url'), jti: randomUUID() } as Claims
  const { seal } = frameWriter(claims.reply, claims.jti)
  const message = new PassThrough()
  for (const frame of frames) message.write(seal(frame))
  let told = 0
  const opened = openAnswer(message as unknown as IncomingMessage, claims, () => void told++)
  return { opened, message, told: () => told }
}

it('opens up to the head, whatever states come before', async () => {
  const { opened, told } = answer([state, state, head])
  expect((await opened).status).toBe(200)
  expect(told()).toBe(2)
})

it.each([
  ['states without end', Array.from({ length: 5_000 }, () => state)],
  ['a status that HTTP does not have', [{ ...head, status: 99_999 }]],
  ['a header with a line break', [{ ...head, headers: { 'request-id': 'a\r\nb: c' } }]],
  ['a header that has no name', [{ ...head, headers: { '': 'a' } }]],
] as [string, Frame[]][])('%s are no answer, and the connection is given up', async (_, frames) => {
  const { opened, message, told } = answer(frames)
  await expect(opened).rejects.toThrow('an answer begins with its head')
  expect(message.destroyed).toBe(true)
  expect(told()).toBeLessThanOrEqual(100)
})
