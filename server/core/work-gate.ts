import { AppError } from './errors.ts'
import { type Actor, allowed, type Caller } from './gates.ts'

/**
 * The person of a socket who was let into the beta, to be asked again at each thing that is opened.
 * @throws AppError as `allowed`, and FORBIDDEN outside the beta
 */
export function atWork(caller: Caller): Actor {
  const actor = allowed(caller, 'read')
  if (!actor.approved) throw new AppError('FORBIDDEN', 'This needs a place in the beta.', undefined, { key: 'notInBeta' })
  return actor
}
