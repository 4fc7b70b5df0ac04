import { afterAll, beforeAll, expect, it } from 'vitest'
import { POST } from '@/app/api/preferences/route.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const send = (body: Record<string, string>, headers: Record<string, string> = {}) =>
  POST(new Request('http://localhost:3000/api/preferences', { method: 'POST', body: new URLSearchParams(body), headers }))
const cookies = (answer: Response) => answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
const chosen = async (id: string) => {
  const { locale, theme } = await database.db.user.findUniqueOrThrow({ where: { id } })
  return { locale, theme }
}

it('a signed-in person’s choice is kept for all their browsers, and taken back for all', async () => {
  const { id } = await makeUser({ theme: 'light' })
  const cookie = await makeSession(id)
  const answer = await send({ locale: 'ko' }, { cookie })
  expect([answer.status, cookies(answer)]).toEqual([204, ['maestro-locale=ko']])
  expect(await chosen(id)).toEqual({ locale: 'ko', theme: 'light' })
  await send({ theme: 'dark' }, { cookie })
  expect(await chosen(id)).toEqual({ locale: 'ko', theme: 'dark' })
  const back = await send({ locale: 'browser' }, { cookie })
  expect(back.headers.getSetCookie()[0]).toContain('Max-Age=0')
  expect(await chosen(id)).toEqual({ locale: null, theme: 'dark' })
})

it('whoever is not signed in, or may not, still has a cookie', async () => {
  expect(cookies(await send({ theme: 'dark', locale: 'en' }))).toEqual(['maestro-locale=en', 'maestro-theme=dark'])
  const { id } = await makeUser({ suspendedAt: new Date() })
  expect(cookies(await send({ locale: 'ko' }, { cookie: await makeSession(id) }))).toEqual(['maestro-locale=ko'])
  expect(await chosen(id)).toEqual({ locale: null, theme: null })
  expect(cookies(await send({ locale: 'ko' }, { authorization: 'Bearer mst_unknown' }))).toEqual(['maestro-locale=ko'])
})

it('what is no choice changes nothing, and a form comes back to where it stood here', async () => {
  const { id } = await makeUser()
  const headers = { cookie: await makeSession(id), accept: 'text/html', referer: 'https://evil.example/x' }
  const answer = await send({ locale: 'xx', theme: '../', other: 'a' }, headers)
  expect([answer.status, cookies(answer), answer.headers.get('location')]).toEqual([303, [], '/'])
  expect(await chosen(id)).toEqual({ locale: null, theme: null })
})
