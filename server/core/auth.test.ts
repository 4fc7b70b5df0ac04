import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { POST } from '@/app/api/auth/[...nextauth]/route.ts'

test('nobody writes into the log from outside', async () => {
  const body = JSON.stringify({ level: 'error', code: 'whatever I like', message: 'x' })
  const request = new NextRequest('http://localhost:3000/api/auth/_log', { method: 'POST', body })
  const answer = await POST(request, { params: Promise.resolve({ nextauth: ['_log'] }) })
  expect([answer.status, (await answer.json()).error_code]).toEqual([404, 'NOT_FOUND'])
})
