import type { Mount } from '@/server/core/sandbox.ts'

/** What this machine's package manager is set to. No token, user name or password is among it. */
export interface RegistrySettings {
  registry: URL
  /** The proxy this machine itself needs to reach the registry. */
  upstream: URL | null
  /** A file of certificate authorities. */
  caFile: string | null
  strictTls: boolean
}

/** What a sandbox needs besides its command to reach the package registry. */
export interface RegistryAccess {
  mounts: Mount[]
  env: Record<string, string>
}
