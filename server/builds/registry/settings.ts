import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { env } from '@/server/core/env.ts'
import type { RegistrySettings } from './types.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' && value !== 'null' ? value : null)

/** Whether a host needs no proxy, by the list as package managers read it: host names and suffixes. */
export function bypasses(host: string, list: readonly string[]): boolean {
  const names = list
    .flatMap((entry) => entry.split(','))
    .map((entry) =>
      entry
        .trim()
        .replace(/^\*?\./, '')
        .toLowerCase(),
    )
  return names.some((name) => name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`))))
}

/**
 * Reads the settings out of what `npm config ls --json` printed.
 * @throws Error where npm names no registry
 */
export function parseSettings(config: Record<string, unknown>, caFiles: readonly (string | undefined)[]): RegistrySettings {
  const address = text(config.registry)
  if (!address) throw new Error('npm names no package registry: set one with npm config set registry.')
  const registry = new URL(address)
  registry.username = ''
  registry.password = ''
  const proxy = (registry.protocol === 'https:' ? text(config['https-proxy']) : null) ?? text(config.proxy)
  const noProxy = Array.isArray(config.noproxy) ? config.noproxy.map(String) : [text(config.noproxy) ?? '']
  const upstream = proxy && !bypasses(registry.hostname, noProxy) ? new URL(proxy) : null
  const caFile = [text(config.cafile), ...caFiles].find((path) => path && existsSync(path)) ?? null
  return { registry, upstream, caFile, strictTls: config['strict-ssl'] !== false }
}

let cached: Promise<RegistrySettings> | undefined

async function read(): Promise<RegistrySettings> {
  // Outside any project, so that no project's own .npmrc has a say.
  const { stdout } = await promisify(execFile)('npm', ['config', 'ls', '--json'], { cwd: '/', timeout: 30_000, maxBuffer: 4 * 1024 ** 2 })
  return parseSettings(JSON.parse(stdout), [env().NODE_EXTRA_CA_CERTS, env().SSL_CERT_FILE])
}

/** This machine's settings, asked of npm itself once, since only npm knows where all of them may stand. */
export function registrySettings(): Promise<RegistrySettings> {
  cached ??= read().catch((error) => {
    cached = undefined
    throw error
  })
  return cached
}
