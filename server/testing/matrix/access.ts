import type { Persona } from './people.ts'

/** Which gate a procedure stands behind. */
export type Access = 'public' | 'user' | 'session' | 'beta' | 'admin' | 'reader' | 'viewer' | 'maintainer' | 'owner'

const rank = { viewer: 1, maintainer: 2, owner: 3 } as const
const members: Partial<Record<Persona, number>> = { viewer: 1, maintainer: 2, owner: 3, token: 3 }

function inProject(persona: Persona, access: keyof typeof rank): string | null {
  const has = members[persona]
  if (has === undefined) return 'noService'
  return has < rank[access] ? 'needsRole' : null
}

/**
 * The key of the refusal with which a gate meets a persona, or null where it lets them in. It is written without a look at the gates:
 * this is the rule, they are its making.
 */
export function refusalFor(access: Access, persona: Persona, publicRead = false): string | null {
  if (persona === 'expired token') return 'tokenExpired'
  if (persona === 'unknown token') return 'tokenUnknown'
  if (access === 'public') return null
  if (access === 'reader' && publicRead) return persona === 'token without scope' ? 'tokenScope' : null
  if (persona === 'anonymous') return 'signInFirst'
  if (persona === 'suspended') return 'suspended'
  if (persona === 'token without scope') return 'tokenScope'
  switch (access) {
    case 'user':
      return null
    case 'session':
      return persona === 'token' ? 'noTokens' : null
    case 'beta':
      return persona === 'signed in' || persona === 'applied' ? 'notInBeta' : null
    case 'admin':
      return persona === 'admin' ? null : 'adminsOnly'
    case 'reader':
      return inProject(persona, 'viewer')
    default:
      return inProject(persona, access)
  }
}

/** Refusals that only gates speak: whoever got another answer was let in, and was told of their input or their luck. */
export const gateKeys: ReadonlySet<string> = new Set([
  ...['signInFirst', 'suspended', 'tokenExpired', 'tokenUnknown', 'tokenScope'],
  ...['noTokens', 'notInBeta', 'adminsOnly', 'noService', 'needsRole'],
])
