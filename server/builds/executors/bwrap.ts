// The profile stands in core, because builds and deployed services are separate domains that share it.
export { bwrapArgs, type SandboxProfile, spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
