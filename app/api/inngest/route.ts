import { answerInngest } from '@/server/core/inngest.ts'
import { makeFunctions } from '@/server/functions.ts'

/** The door for a real Inngest server; on the embedded executor this address does not exist. */
const answer = (request: Request) => answerInngest(request, makeFunctions)

export { answer as GET, answer as POST, answer as PUT }
