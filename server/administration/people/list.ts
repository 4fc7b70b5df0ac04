import { z } from 'zod'
import { storableTimeSchema } from '@/server/audit/schema.ts'
import { adminEmails } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import * as data from '../data.ts'
import type { ListPeople, PeopleSort, Person } from '../schema.ts'
import type { PersonRow, Place } from './types.ts'

const mostWords = 5
const beginning = z
  .string()
  .max(400)
  .refine((value) => !value.includes('\0'))
const cursorSchema = z.tuple([beginning.nullable(), z.uuid()])

const cursorOf = (place: Place) => Buffer.from(JSON.stringify([place.value, place.id])).toString('base64url')

function placeAt(cursor: string, sort: PeopleSort): Place {
  try {
    const [value, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (value !== null && sort !== 'email') storableTimeSchema.parse(value)
    if (value === null && sort !== 'signedIn') throw new Error('only those who never signed in have no value')
    return { value, id }
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'This is not where a page begins.', 'cursor', { key: 'badCursor', cause })
  }
}

const personOf = ({ listed, appointed, ...row }: PersonRow): Person => ({
  ...row,
  admin: listed ? 'listed' : appointed ? 'appointed' : null,
})

/** People, a page at a time: whoever is added or leaves meanwhile moves nobody else from one page to another. */
export async function listPeople(input: ListPeople): Promise<{ items: Person[]; next: string | null }> {
  const { filter, sort, limit } = input
  const after = input.cursor === undefined ? null : placeAt(input.cursor, sort)
  const words = (input.search ?? '').split(/\s+/).filter(Boolean).slice(0, mostWords)
  const query = { filter, words, after }
  const rows = after && after.value === null ? [] : await data.findPeople({ ...query, order: sort, take: limit + 1 }, adminEmails())
  if (sort === 'signedIn' && rows.length <= limit) {
    const rest = { ...query, after: after?.value === null ? after : null, take: limit + 1 - rows.length }
    rows.push(...(await data.findPeople({ ...rest, order: 'neverSignedIn' }, adminEmails())))
  }
  const items = rows.slice(0, limit).map(personOf)
  const last = items.at(-1)
  if (rows.length <= limit || !last) return { items, next: null }
  const value = sort === 'email' ? last.email : sort === 'signedIn' ? last.lastLoginAt : last.createdAt
  return { items, next: cursorOf({ value, id: last.id }) }
}

/** How many people there are in each state. */
export const peopleCounts = () => data.countPeople(adminEmails())
