import { createTRPCClient, httpLink } from '@trpc/client'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import superjson from 'superjson'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { publicProcedure, router } from './trpc.ts'

const input = z.object({ words: z.string().optional(), more: z.array(z.object({ a: z.string() })).optional() })
const app = router({ echo: publicProcedure.input(input).mutation(({ input: given }) => ({ given, keys: Object.keys(given) })) })
const answer = (request: Request) =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: app,
    createContext: () => ({ caller: { actor: null, via: null }, address: null, userAgent: null, requestId: 'r' }),
  })
const client = createTRPCClient<typeof app>({
  links: [
    httpLink({
      url: 'http://localhost/api/trpc',
      transformer: superjson,
      fetch: (url, options) => answer(new Request(url as string, options as RequestInit)),
    }),
  ],
})
const send = (body: unknown) =>
  answer(
    new Request('http://localhost/api/trpc/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )

test('what our pages send arrives: undefined values, and one value at two places', async () => {
  const one = { a: 'x' }
  expect((await client.echo.mutate({ words: undefined, more: [one, one] })).given).toEqual({ words: undefined, more: [one, one] })
  expect((await client.echo.mutate({ words: 'y' })).given).toEqual({ words: 'y' })
})

test.each(['bigint', 'regexp', 'URL', 'Date', 'map', 'set', 'Error', 'number', 'symbol'])('no input is made a %s', async (type) => {
  for (const marks of [{ words: [type] }, { words: [[type, 'x']] }, [type], [['undefined', { words: [type] }]]]) {
    const response = await send({ json: { words: '1' }, meta: { values: marks } })
    // Refused as it came: a schema that is shown the number has let the library read it.
    expect([response.status, (await response.json()).error.json.message]).toEqual([400, 'The request could not be read.'])
  }
})

test('deep inputs and strange notes are answered', async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  expect((await send(`{"json":${deep}}`)).status).toBe(200)
  for (const meta of [5, null, { values: 7 }, { referentialEqualities: { words: ['__proto__.polluted'] } }]) {
    expect((await send({ json: {}, meta })).status).toBe(200)
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
