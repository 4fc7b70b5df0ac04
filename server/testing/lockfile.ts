/** One package in package-lock.json, as far as it matters here. */
interface Entry {
  version?: string
  optionalDependencies?: Record<string, string>
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optional?: boolean
}
export interface Lock {
  packages: Record<string, Entry>
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'windows', 'aix']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32']

/** Whether a package that stands at `from` finds `name` in the folders above it, as Node would. */
function found({ packages }: Lock, from: string, name: string): boolean {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true
    if (!base) return false
  }
}

/** Optional packages that somebody names and the lock does not hold: npm leaves other platforms' out, and `npm ci` there refuses. */
export function missingEntries(lock: Lock): { name: string; version: string }[] {
  const missing = new Map<string, string>()
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) if (!found(lock, path, name)) missing.set(name, version)
  }
  return [...missing].map(([name, version]) => ({ name, version }))
}

/** An entry for one platform's package; which platform that is stands in its name. */
function entryFor(name: string, version: string): Entry {
  const words = name.replace(/^.*\//, '').split(/[-.]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.some((word) => word === processor || (processor === 'arm' && word === 'arm')))
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') && os === 'linux' ? ['glibc'] : undefined
  return {
    version,
    ...(cpu ? { cpu: [cpu] } : {}),
    optional: true,
    ...(os ? { os: [os === 'windows' ? 'win32' : os] } : {}),
    ...(libc ? { libc } : {}),
  }
}

/** The lock with an entry for every platform's package, in npm's order. */
export function completeLock(lock: Lock): Lock {
  const packages = { ...lock.packages }
  for (const { name, version } of missingEntries(lock)) packages[`node_modules/${name}`] = entryFor(name, version)
  const sorted = Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en'))
  return { ...lock, packages: Object.fromEntries(sorted.map((path) => [path, packages[path] as Entry])) }
}
