import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { socketPath } from '@/server/core/paths.ts'
import { isAlive } from '@/server/core/process.ts'
import type { Mount } from '@/server/core/sandbox.ts'
import { forwarderEnv, socketInside } from './forwarder.ts'
import { openRegistryProxy } from './proxy.ts'
import { registrySettings } from './settings.ts'
import type { RegistryAccess, RegistrySettings } from './types.ts'

const caInside = '/run/maestro-ca.pem'

function npmEnv({ registry, strictTls }: RegistrySettings, caFile: string | null): Record<string, string> {
  const trust: Record<string, string> = caFile ? { npm_config_cafile: caFile, NODE_EXTRA_CA_CERTS: caFile, SSL_CERT_FILE: caFile } : {}
  // Its log of its own would stay in the cache, where nobody seals it.
  const noLog = { npm_config_logs_max: '0' }
  const quiet = { npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_audit: 'false', ...noLog }
  const tls: Record<string, string> = strictTls ? {} : { npm_config_strict_ssl: 'false' }
  return { npm_config_registry: registry.href, ...tls, ...trust, ...quiet }
}

const opened = new Map<string, Promise<RegistryAccess>>()

/** Sockets of processes that were killed before they could remove them. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^registry-(\d+)\.sock$/.exec(name)?.[1]
    if (owner && !isAlive(Number(owner))) rmSync(join(folder, name), { force: true })
  }
}

async function open(dataDir: string): Promise<RegistryAccess> {
  const settings = await registrySettings()
  // One socket a process: another server on the same data directory must not take ours away.
  const path = socketPath(dataDir, `registry-${process.pid}.sock`)
  sweep(dirname(path))
  await openRegistryProxy(path, settings)
  const mounts: Mount[] = [{ from: path, to: socketInside }]
  if (settings.caFile) mounts.push({ from: settings.caFile, to: caInside })
  return { mounts, env: { ...npmEnv(settings, settings.caFile && caInside), ...forwarderEnv } }
}

/** The way to the registry for sandboxes of a data directory; the proxy is opened with the first of them. */
export function registryAccess(dataDir: string): Promise<RegistryAccess> {
  const known = opened.get(dataDir)
  if (known) return known
  const made = open(dataDir)
  opened.set(dataDir, made)
  made.catch(() => opened.delete(dataDir))
  return made
}

/** The same settings for a process that has the machine's own network. */
export async function directRegistryEnv(): Promise<Record<string, string>> {
  const settings = await registrySettings()
  // The proxy's address without the name and the password that this machine shows it.
  const address = settings.upstream && `${settings.upstream.protocol}//${settings.upstream.host}`
  const proxy: Record<string, string> = address ? { npm_config_proxy: address, npm_config_https_proxy: address } : {}
  return { ...npmEnv(settings, settings.caFile), ...proxy }
}
