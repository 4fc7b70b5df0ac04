import { expect, it } from 'vitest'
import { matching } from './matching.ts'

const places = [
  { name: 'meeting-rooms', detail: '회의실 예약' },
  { name: 'bookmarks', detail: 'Bookmarks for rooms' },
  { name: 'rooms', detail: '' },
]
const names = (typed: string) => matching(places, typed).map(({ name }) => name)

it('finds by every word, in name or title', () => {
  expect(names('')).toEqual(['meeting-rooms', 'bookmarks', 'rooms'])
  expect(names('ROOMS')).toEqual(['rooms', 'meeting-rooms', 'bookmarks'])
  expect(names('rooms book')).toEqual(['bookmarks'])
  expect(names('예약')).toEqual(['meeting-rooms'])
  expect(names('nothing')).toEqual([])
})
