import { afterEach, expect, it } from 'vitest'
import { makeSightings, type Sightings } from './sightings.ts'

const open: Sightings[] = []
const page = (...shown: string[]) => {
  const sightings = makeSightings((sessionId) => shown.includes(sessionId))
  open.push(sightings)
  return sightings
}
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

it('knows what any page of the browser shows', async () => {
  const [dashboard, chat, other] = [page(), page('a'), page('b')]
  expect(await Promise.all([dashboard, chat, other].map((one) => one.isSeen('a')))).toEqual([true, true, true])
  expect(await dashboard.isSeen('c')).toBe(false)
  chat.close()
  expect(await Promise.all([dashboard.isSeen('a'), dashboard.isSeen('b')])).toEqual([false, true])
})
