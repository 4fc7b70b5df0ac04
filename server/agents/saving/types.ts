import { z } from 'zod'
import { isAppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { openForPlatform, sealForPlatform } from '@/server/vault/service.ts'
import type { Snapshot } from '../rules.ts'
import { agentConfigSchema, sharings } from '../schema.ts'

/** What an agent's configuration is bound to. */
export const agentContext = (id: string): string => `agent:${id}`
/** What one version of an agent is bound to. */
export const versionContext = (id: string): string => `agent-version:${id}`

export const now = () => new Date(registry('clock').now())

/** Where what is sealed does not open, the rest of an agent still shows. */
export type Opening<T> = { value: T; unreadable: false } | { value: null; unreadable: true }

const snapshotSchema: z.ZodType<Snapshot> = z.object({
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  avatar: z.string(),
  sharing: z.enum(sharings),
  service: z.string().nullable(),
  config: agentConfigSchema,
})

export async function sealJson(context: string, value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await sealForPlatform(context, Buffer.from(JSON.stringify(value))))
}

async function opened<T>(schema: z.ZodType<T>, context: string, sealed: Uint8Array): Promise<Opening<T>> {
  try {
    const value = schema.parse(JSON.parse((await openForPlatform(context, sealed)).toString()))
    return { value, unreadable: false }
  } catch (error) {
    // That a vault does not answer says nothing about what is stored.
    if (isAppError(error) && error.code === 'UNAVAILABLE' && error.key !== 'masterKeyOther') throw error
    return { value: null, unreadable: true }
  }
}

export const openConfig = (id: string, sealed: Uint8Array) => opened(agentConfigSchema, agentContext(id), sealed)
export const openVersion = (id: string, sealed: Uint8Array) => opened(snapshotSchema, versionContext(id), sealed)
