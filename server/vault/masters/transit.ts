import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { isLoopbackName } from '@/server/core/http.ts'
import { registry } from '@/server/core/registry.ts'
import { keyBytes } from '../rules.ts'
import { type MasterKeys, masterRefusal } from './types.ts'

/** How HashiCorp Vault (or OpenBao) is reached; `name` is the transit key. */
export interface TransitOptions {
  address: string
  token: string
  namespace: string | null
  mount: string
  name: string
  timeoutMs?: number
}

const tries = 3
const pauseMs = 200
const timeoutMs = 10_000
const answerBytes = 64 * 1024
const name = /^[\w.-]+(\/[\w.-]+)*$/

const encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v\d+:[A-Za-z0-9+/=]+$/) }) })
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) })
const described = z.object({
  data: z.object({
    latest_version: z.number().int().min(1),
    min_decryption_version: z.number().int().min(0),
    keys: z.record(z.string(), z.unknown()),
  }),
})
const refused = z.object({ errors: z.array(z.string()) })

/**
 * The address of Vault's HTTP API.
 * @throws Error in one sentence where a token would travel in the clear, or the address is none
 */
function apiUrl({ address, mount, name: key }: TransitOptions): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search)
    throw new Error('VAULT_ADDR is no address of a Vault.')
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) throw new Error('VAULT_ADDR must begin with https:// beyond this machine.')
  if (![mount, key].every((part) => name.test(part) && !part.split('/').includes('..')))
    throw new Error('VAULT_TRANSIT_MOUNT or VAULT_TRANSIT_KEY is no name.')
  return new URL(`${url.pathname.replace(/\/+$/, '')}/v1/`, url)
}

/** What a refusal means. Vault's own words stay in the cause: they never hold the token, but nobody promised what else. */
function meaningOf(status: number, said: string): Parameters<typeof masterRefusal>[0] {
  if (status === 503 && /sealed/i.test(said)) return 'vaultSealed'
  if (status === 401 || status === 403) return 'vaultDenied'
  if (status === 404 || /key not found/i.test(said)) return 'vaultKeyMissing'
  if (/disallowed by policy/i.test(said)) return 'vaultVersionGone'
  if (/message authentication failed|invalid ciphertext/i.test(said)) return 'keyDamaged'
  return status >= 500 || status === 429 ? 'vaultUnreachable' : 'vaultRefused'
}

async function textOf(answer: Response): Promise<string> {
  const bytes = Buffer.from(await answer.arrayBuffer())
  return bytes.length > answerBytes ? '' : bytes.toString('utf8')
}

/** Asks once. Redirects are not followed: a token is for the host it was given for. */
async function askOnce(url: URL, options: TransitOptions, body: object | null): Promise<string> {
  const headers = {
    'x-vault-token': options.token,
    'x-vault-request': 'true',
    ...(options.namespace ? { 'x-vault-namespace': options.namespace } : {}),
  }
  const signal = AbortSignal.timeout(options.timeoutMs ?? timeoutMs)
  const posted = body && { method: 'POST', body: JSON.stringify(body) }
  let answer: Response
  let text: string
  try {
    answer = await fetch(url, { headers, signal, redirect: 'manual', ...posted })
    text = await textOf(answer)
  } catch (cause) {
    throw masterRefusal('vaultUnreachable', new Error(`no answer: ${(cause as Error).name}`))
  }
  if (answer.ok) return text
  const errors = refused.safeParse(jsonOf(text)).data?.errors ?? []
  throw masterRefusal(meaningOf(answer.status, errors.join('; ')), new Error(`status ${answer.status}`))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const passing = (error: unknown) => (error as { key?: string }).key === 'vaultUnreachable'

/** What binds a wrapped key to its row: engines before Vault 1.13 ignore associated data, so its hash travels inside as well. */
const digestOf = (binding: readonly string[]) => createHash('sha256').update(JSON.stringify(binding)).digest()

/**
 * Master keys that never leave HashiCorp Vault: its transit engine wraps and unwraps. Its few calls are made with plain fetch, since
 * the client libraries bring whole HTTP stacks with them and follow redirects with the token.
 * Rewrapping decrypts and encrypts: the engine's own `rewrap` takes no associated data.
 * @throws Error in one sentence where the address or a name is unusable
 */
export function transitMasterKeys(options: TransitOptions): MasterKeys {
  const base = apiUrl(options)
  const engine = (call: 'encrypt' | 'decrypt' | 'keys') => `${options.mount}/${call}/${options.name}`
  const idOf = (version: number | string) => `${options.mount}/${options.name}:v${version}`

  async function ask<T>(path: string, schema: z.ZodType<T>, body: object | null): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return schema.parse(jsonOf(await askOnce(new URL(path, base), options, body)))
      } catch (error) {
        if (error instanceof z.ZodError) throw masterRefusal('vaultRefused', new Error('an answer of another form'))
        if (tried === tries || !passing(error)) throw error
        await registry('clock').sleep(pauseMs * tried)
      }
    }
  }
  const read = async () => (await ask(engine('keys'), described, null)).data
  const associated = (binding: readonly string[]) => Buffer.from(JSON.stringify(binding)).toString('base64')

  return {
    kind: 'vault',
    source: 'vault',
    path: null,
    own: null,
    current: async () => idOf((await read()).latest_version),
    async ids() {
      const { keys, min_decryption_version: least } = await read()
      const versions = Object.keys(keys).map(Number)
      return versions
        .filter((version) => version >= least)
        .sort((a, b) => b - a)
        .map(idOf)
    },
    async wrap(plain, binding) {
      const plaintext = Buffer.concat([digestOf(binding), plain]).toString('base64')
      const { ciphertext } = (await ask(engine('encrypt'), encrypted, { plaintext, associated_data: associated(binding) })).data
      return { masterId: idOf(ciphertext.split(':')[1]?.slice(1) ?? ''), wrapped: Buffer.from(ciphertext) }
    },
    async unwrap({ masterId, wrapped }, binding) {
      const ciphertext = Buffer.from(wrapped).toString('latin1')
      const version = /^vault:v(\d+):/.exec(ciphertext)?.[1]
      if (!masterId?.startsWith(`${options.mount}/${options.name}:v`)) throw masterRefusal('masterKeyOther')
      if (!version) throw masterRefusal('keyDamaged')
      const { plaintext } = (await ask(engine('decrypt'), decrypted, { ciphertext, associated_data: associated(binding) })).data
      const opened = Buffer.from(plaintext, 'base64')
      const digest = digestOf(binding)
      if (opened.length !== digest.length + keyBytes || !timingSafeEqual(opened.subarray(0, digest.length), digest))
        throw masterRefusal('keyDamaged')
      return opened.subarray(digest.length)
    },
    async rotate() {
      await ask(`${engine('keys')}/rotate`, z.unknown(), {})
      return idOf((await read()).latest_version)
    },
    async keepAlive() {
      await read()
      // A token that cannot be renewed is refused with 400: it lasts as it was made, or somebody else renews it.
      await ask('auth/token/renew-self', z.unknown(), {}).catch((error) => {
        if (error.key !== 'vaultRefused') throw error
      })
    },
    // Which versions still open is for whoever keeps the vault: its min_decryption_version may serve others, too.
    forgetAllBut: async () => undefined,
  }
}
