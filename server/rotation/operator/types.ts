import { z } from 'zod'
import { keyCheckSchema, passphraseSchema } from '@/server/vault/schema.ts'
import { platformRingSchema, projectRingSchema, ringKeySchema, rotateMasterOutput, roundSchema } from '../schema.ts'

/*
 * What the command line says to a running server over the control socket. Only the owner of the data directory can speak there, and what
 * leaves here leaves nowhere else: no procedure gives keys away, not even sealed ones.
 */

const service = z.string().min(1).max(64)
/** A project by its service; null is the platform. */
const place = service.nullable()

/** A key that is to be tried, and how much it sealed. */
const triedKey = ringKeySchema.extend({ service: place })

/** Where a look at what one key sealed goes on. */
const spot = z.object({ source: z.string(), after: z.string().nullable() })

export const operatorCallSchemas = {
  'keys.status': {
    input: z.object({ service: service.optional() }),
    output: z.object({ platform: platformRingSchema, project: projectRingSchema.nullable() }),
  },
  'keys.backup': { input: z.object({ passphrase: passphraseSchema }), output: z.object({ base64: z.string(), keys: z.number().int() }) },
  'keys.rotate': {
    input: z.object({
      what: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('project'), service }),
        z.object({ kind: z.literal('projects') }),
        z.object({ kind: z.literal('platform') }),
      ]),
    }),
    output: z.object({ rounds: z.array(z.object({ service: place, keyId: z.string(), roundId: z.string() })) }),
  },
  'keys.master': { input: z.object({}), output: rotateMasterOutput },
  'keys.rounds': {
    input: z.object({ ids: z.array(z.string()).max(100_000) }),
    output: z.object({ rounds: z.array(roundSchema) }),
  },
  'keys.verify': {
    input: z.object({ service: service.optional() }),
    output: z.object({
      check: keyCheckSchema,
      keys: z.array(triedKey),
      /** What no key of its ring sealed, and objects that are gone. */
      strays: z.array(z.object({ service: place, rows: z.number().int() })),
    }),
  },
  'keys.look': {
    input: z.object({ service: place, keyId: z.string(), from: spot.nullable(), sample: z.number().int().min(1).nullable() }),
    output: z.object({ rows: z.number().int(), unreadable: z.number().int(), next: spot.nullable() }),
  },
} as const

export type OperatorCall = keyof typeof operatorCallSchemas
export type OperatorInput<C extends OperatorCall> = z.infer<(typeof operatorCallSchemas)[C]['input']>
export type OperatorOutput<C extends OperatorCall> = z.infer<(typeof operatorCallSchemas)[C]['output']>
