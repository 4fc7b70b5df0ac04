import { expect, test } from 'vitest'
import { makeRoom } from './room.ts'

test('one sender fills no more than a part of the room, and what is small finds a place in a full one', () => {
  const enter = makeRoom({ all: 100, each: 60, small: 5 })
  const [one, two, three] = [enter('a'), enter('a'), enter('b')]
  expect([one.take(50), two.take(10), two.take(1)]).toEqual([true, true, false])
  expect([three.take(40), three.take(1)]).toEqual([true, false])
  const little = enter('c')
  expect([little.take(5), little.take(1)]).toEqual([true, false])
})

test('what leaves makes room, once', () => {
  const enter = makeRoom({ all: 10, each: 10, small: 0 })
  const [one, two] = [enter('a'), enter('b')]
  expect([one.take(10), two.take(1)]).toEqual([true, false])
  one.leave()
  one.leave()
  expect([two.take(10), enter('a').take(1)]).toEqual([true, false])
})
