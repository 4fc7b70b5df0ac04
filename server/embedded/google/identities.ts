import { createHash } from 'node:crypto'

/** A person the stand-in can be. Their addresses end where no mail leaves the machine, or in a domain that is nobody's. */
export interface Identity {
  sub: string
  email: string
  name: string
}

/** The fixed identities to choose from: the administrator and two ordinary people. */
export const identities: readonly Identity[] = [
  { sub: '100000000000000000001', email: 'admin@maestro.localhost', name: 'Ada Admin' },
  { sub: '100000000000000000002', email: 'minji@maestro.localhost', name: 'Minji Kim' },
  { sub: '100000000000000000003', email: 'sam@maestro.localhost', name: 'Sam Rivers' },
]

const nameMax = 100
// What stands here is a person's by no means: `localhost` is this machine's own, the others are set aside for examples.
const address = /^[a-z0-9][a-z0-9._+-]{0,63}@(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,5}localhost|example\.(com|org))$/
const tricks = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

/** What keeps a made-up account from being one: the field that is wrong. */
export type Fault = 'name' | 'email'

/** An account that somebody makes up; the address alone decides whose it is, today and tomorrow. */
export function madeUp(given: { name: string; email: string }): Identity | Fault {
  const [name, email] = [given.name.normalize('NFC').trim(), given.email.trim().toLowerCase()]
  if (email.length > 254 || !address.test(email)) return 'email'
  const fixed = identities.find((identity) => identity.email === email)
  if (fixed) return fixed
  if (!/[\p{L}\p{N}]/u.test(name) || name.length > nameMax || tricks.test(name)) return 'name'
  // Like Google's: 21 digits. The fixed ones begin with 1.
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`)
    .toString()
    .slice(0, 20)
  return { sub: `2${digits.padStart(20, '0')}`, email, name }
}

const memoryMax = 1_000

/** The accounts of one stand-in: the fixed ones, and the last of those that were made up. */
export function makeAccounts() {
  const made = new Map<string, Identity>()
  return {
    find: (sub: string): Identity | undefined => identities.find((identity) => identity.sub === sub) ?? made.get(sub),
    add(identity: Identity): void {
      made.delete(identity.sub)
      made.set(identity.sub, identity)
      const [oldest] = made.keys()
      if (made.size > memoryMax && oldest) made.delete(oldest)
    },
  }
}
export type Accounts = ReturnType<typeof makeAccounts>
