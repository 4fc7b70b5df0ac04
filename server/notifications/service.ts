import type { LetterRequest } from './schema.ts'

/**
 * Sends one mail, once for its key: a second call with the same key sends nothing.
 * @returns whether the receiver has it now (`sent`), had it already (`already`), or never will (`failed`, the outbox says why)
 * @throws AppError UNAVAILABLE where trying again later may help, so that Inngest does
 */
export async function sendLetter(request: LetterRequest): Promise<'sent' | 'already' | 'failed'> {
  throw new Error(`the letter ${request.letter.name} cannot be sent yet`)
}

/**
 * Refuses to cause another mail to somebody who was sent many; to be asked before a mail is promised, so that whoever causes it is told.
 * @throws AppError TOO_MANY_REQUESTS
 */
export async function checkMailable(_address: string): Promise<void> {}
