import { randomUUID } from 'node:crypto'
import { audited } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Act, type Actor, systemKeepers } from '@/server/core/gates.ts'
import { exportKeys, verifyKeys } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { targetOf } from '../rounds/rounds.ts'
import { roundView } from '../rules.ts'
import { rotateKey, rotateMaster, rotatePlatformKey } from '../service.ts'
import { platformRing, projectRing } from '../views/ring.ts'
import { look, scopeOf, verify } from './look.ts'
import { type OperatorCall, type OperatorInput, type OperatorOutput, operatorCallSchemas } from './types.ts'

async function status({ service }: OperatorInput<'keys.status'>): Promise<OperatorOutput<'keys.status'>> {
  const scope = service === undefined ? null : await scopeOf(service)
  return { platform: await platformRing(), project: scope && service !== undefined ? await projectRing(scope, service) : null }
}

async function backup(act: Act, { passphrase }: OperatorInput<'keys.backup'>): Promise<OperatorOutput<'keys.backup'>> {
  const { opened } = await verifyKeys()
  const bytes = await exportKeys(passphrase)
  await audited(act, { action: 'keys.backed-up', target: targetOf(null, 'platform'), details: { keys: opened } }, async () => undefined)
  return { base64: bytes.toString('base64'), keys: opened }
}

async function rotate(act: Act, { what }: OperatorInput<'keys.rotate'>): Promise<OperatorOutput<'keys.rotate'>> {
  if (what.kind === 'platform') {
    const { keyId, round } = await rotatePlatformKey(act, { requestId: randomUUID() })
    return { rounds: [{ service: null, keyId, roundId: round.id }] }
  }
  const rounds: OperatorOutput<'keys.rotate'>['rounds'] = []
  for (const { projectId, service } of await systemKeepers(what.kind === 'project' ? what.service : undefined)) {
    const { keyId, round } = await rotateKey(act, projectId, { service, requestId: randomUUID() })
    rounds.push({ service, keyId, roundId: round.id })
  }
  // A name that is nobody's is told so.
  if (what.kind === 'project') await scopeOf(what.service)
  return { rounds }
}

async function rounds({ ids }: OperatorInput<'keys.rounds'>): Promise<OperatorOutput<'keys.rounds'>> {
  return { rounds: (await data.findRounds(ids)).map(roundView) }
}

type Calls = { [C in OperatorCall]: (act: Act, input: OperatorInput<C>) => Promise<OperatorOutput<C>> }
const calls: Calls = {
  'keys.status': (_, input) => status(input),
  'keys.backup': backup,
  'keys.rotate': rotate,
  'keys.master': (act) => rotateMaster(act),
  'keys.rounds': (_, input) => rounds(input),
  'keys.verify': (_, input) => verify(input),
  'keys.look': (_, input) => look(input),
}

const isCall = (path: string): path is OperatorCall => path in operatorCallSchemas

/** What is written down of an act of the command line. */
export const operatorAct = (actor: Pick<Actor, 'id' | 'email'>): Act => ({
  ...{ actorId: actor.id, email: actor.email, address: null, userAgent: null, requestId: randomUUID() },
})

/**
 * Answers a call about keys that only the command line may make; null where it is none.
 * @throws AppError as its work does, BAD_REQUEST where its input cannot be used
 */
export function operatorCall(path: string, act: Act, input: unknown): Promise<unknown> | null {
  if (!isCall(path)) return null
  const given = operatorCallSchemas[path].input.safeParse(input)
  if (!given.success) throw new AppError('BAD_REQUEST', given.error.issues[0]?.message ?? 'The input cannot be used.')
  return (calls[path] as (act: Act, input: unknown) => Promise<unknown>)(act, given.data)
}
