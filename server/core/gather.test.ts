import { expect, test } from 'vitest'
import { until } from '@/server/testing/until.ts'
import { gather } from './gather.ts'

/** A look-up whose questions a test answers one by one. */
function world(options?: { atOnce?: number; most?: number }) {
  const asked: { keys: readonly string[]; answer(map: Map<string, string>): void; fail(error: Error): void }[] = []
  const find = gather<string>((keys) => new Promise((answer, fail) => asked.push({ keys, answer, fail })), options)
  const keys = () => asked.map((question) => question.keys)
  const questions = (count: number) => until(async () => asked.length === count, { what: `${count} questions` })
  return { asked, keys, questions, find }
}
const own = (keys: readonly string[] = []) => new Map(keys.map((key) => [key, `of ${key}`]))

test('alone, a key is asked for at once; while questions are under way others gather', async () => {
  const { asked, keys, questions, find } = world({ atOnce: 1 })
  const first = find('a')
  await questions(1)
  const others = ['b', 'c', 'b'].map(find)
  asked[0]?.answer(own(['a']))
  expect(await first).toBe('of a')
  await questions(2)
  expect(keys()).toEqual([['a'], ['b', 'c', 'b']])
  asked[1]?.answer(own(['b']))
  expect(await Promise.all(others)).toEqual(['of b', undefined, 'of b'])
})

test('nothing is remembered: the same key is asked for again, also while a question for it is under way', async () => {
  const { asked, keys, questions, find } = world({ atOnce: 2 })
  const first = find('a')
  await questions(1)
  const second = find('a')
  await questions(2)
  asked[0]?.answer(new Map([['a', 'before']]))
  asked[1]?.answer(new Map([['a', 'after']]))
  expect(await Promise.all([first, second])).toEqual(['before', 'after'])
  void find('a')
  await questions(3)
  expect(keys()).toEqual([['a'], ['a'], ['a']])
})

test('a question that fails or hangs hurts nobody else, and no question has too many keys', async () => {
  const { asked, keys, questions, find } = world({ atOnce: 2, most: 2 })
  const [hangs, , fails, ...rest] = ['a', 'b', 'c', 'd', 'e'].map(find)
  void hangs
  await questions(2)
  asked[1]?.fail(new Error('away'))
  await expect(fails).rejects.toThrow('away')
  await expect(rest[0]).rejects.toThrow('away')
  await questions(3)
  expect(keys()).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  asked[2]?.answer(own(['e']))
  expect(await rest[1]).toBe('of e')
})
