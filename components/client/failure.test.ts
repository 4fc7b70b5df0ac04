import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { failureOf } from './failure.ts'

const answered = (error: unknown) =>
  TRPCClientError.from({ error: { message: 'm', code: -32600, data: { code: 'X', httpStatus: 400, error } } } as never)

it('tells what the server said', () => {
  expect(failureOf(answered({ code: 'CONFLICT', message: 'taken', field: 'name' }))).toEqual({
    code: 'CONFLICT',
    message: 'taken',
    field: 'name',
  })
})
it('shows no words of an inner error', () => {
  expect(failureOf(answered({ code: 'INTERNAL', message: 'secret' }))).toEqual({ code: 'INTERNAL', message: null })
})
it('knows a call that got no answer', () => {
  expect(failureOf(TRPCClientError.from(new TypeError('fetch failed')))).toEqual({ code: 'OFFLINE', message: null })
})
it('masks everything else', () => {
  expect(failureOf(new Error('inner'))).toEqual({ code: 'INTERNAL', message: null })
  expect(failureOf(answered({ code: 'NO_SUCH_CODE', message: 3 }))).toEqual({ code: 'INTERNAL', message: null })
})
