import type { Inngest, InngestFunction } from 'inngest'
import { makeBetaFunctions } from './beta/jobs.ts'
import { makeBuildFunctions } from './builds/jobs.ts'
import { makeChatFunctions } from './chats/jobs.ts'
import { makeCrewFunctions } from './crews/jobs.ts'
import { makeHandoverFunctions } from './handover/jobs.ts'
import { makeMemberFunctions } from './members/jobs.ts'
import { makeMemoryFunctions } from './memory/jobs.ts'
import { makeOffboardingFunctions } from './offboarding/jobs.ts'
import { makeRotationFunctions } from './rotation/jobs.ts'

/**
 * Every Inngest function there is. The executor (ours or a real server) runs what stands here and nothing else.
 * A domain's `jobs.ts` exports a maker that takes the client, so that no client is made at import.
 */
export function makeFunctions(inngest: Inngest.Any): InngestFunction.Any[] {
  return [
    ...makeBetaFunctions(inngest),
    ...makeBuildFunctions(inngest),
    ...makeChatFunctions(inngest),
    ...makeCrewFunctions(inngest),
    ...makeHandoverFunctions(inngest),
    ...makeMemberFunctions(inngest),
    ...makeMemoryFunctions(inngest),
    ...makeOffboardingFunctions(inngest),
    ...makeRotationFunctions(inngest),
  ]
}
