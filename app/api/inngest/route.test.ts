import { createHmac } from 'node:crypto'
import { NextRequest } from 'next/server'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register } from '@/server/core/registry.ts'

const secret = 'ab'.repeat(32)
const url = 'http://localhost:3000/api/inngest'
const cloud = { INNGEST_EVENT_KEY: 'event-key', INNGEST_SIGNING_KEY: `signkey-prod-${secret}`, INNGEST_BASE_URL: 'http://127.0.0.1:9' }
const body = JSON.stringify({ url })

/** The door as a server finds it that has just started with this environment. */
async function door(source: Record<string, string>) {
  vi.resetModules()
  register({ inngest: makeInngest(parseEnv(source), pino({ level: 'silent' })), embeddedExecutor: !source.INNGEST_EVENT_KEY })
  return import('./route.ts')
}

function put(signature?: string): NextRequest {
  const headers = {
    host: 'localhost:3000',
    'content-type': 'application/json',
    'x-inngest-sync-kind': 'in_band',
    ...(signature ? { 'x-inngest-signature': signature } : {}),
  }
  return new NextRequest(url, { method: 'PUT', body, headers })
}

function sign(seconds = Math.floor(Date.now() / 1_000)): string {
  return `t=${seconds}&s=${createHmac('sha256', secret).update(`${body}${seconds}`).digest('hex')}`
}

test('on the embedded executor there is no door', async () => {
  const { GET, POST, PUT } = await door({})
  for (const method of [GET, POST, PUT]) expect((await method(put(), {})).status).toBe(404)
})

test('a real server is let in by its signature alone', async () => {
  const { PUT, POST, GET } = await door(cloud)
  expect((await PUT(put(), {})).status).toBe(401)
  expect((await PUT(put(sign().replace(/s=..../, 's=0000')), {})).status).toBe(401)
  expect((await PUT(put(sign(Math.floor(Date.now() / 1_000) - 3_600)), {})).status).toBe(401)
  expect((await GET(new NextRequest(url, { headers: { host: 'localhost:3000' } }), {})).status).toBe(401)
  const call = new NextRequest(`${url}?fnId=maestro-x&stepId=step`, { method: 'POST', body: '{}', headers: { host: 'localhost:3000' } })
  expect((await POST(call, {})).status).toBe(401)
  const answer = await PUT(put(sign()), {})
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ app_id: 'maestro', url, functions: expect.any(Array) })
})
