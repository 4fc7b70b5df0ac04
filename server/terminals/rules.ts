/** Scripts of a package that start an app, the first that is there. */
const scripts = ['dev', 'start', 'serve', 'preview'] as const
/** Files that a package without such a script begins with. */
const beginnings = ['server.js', 'server.mjs', 'app.js', 'index.js', 'index.mjs', 'main.js'] as const

/** Some servers ask for their port on the command line and do not look at PORT. */
function withPort(command: string, script: string): string {
  return /\b(vite|astro)\b/.test(script) ? `${command} -- --port "$PORT" --host 127.0.0.1` : command
}

function scriptsOf(text: string | null): Record<string, unknown> {
  try {
    const found = (JSON.parse(text ?? '{}') as { scripts?: unknown } | null)?.scripts
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What probably starts the app of a folder, from its package.json and the names of its files; null where nothing says so. */
export function suggestCommand(packageJson: string | null, names: readonly string[]): string | null {
  const known = scriptsOf(packageJson)
  for (const name of scripts) {
    const script = known[name]
    if (typeof script === 'string') return withPort(name === 'start' ? 'npm start' : `npm run ${name}`, script)
  }
  // Pages that can be shown as they are need no program, whatever scripts lie beside them.
  if (names.includes('index.html')) return null
  const file = beginnings.find((name) => names.includes(name))
  return file ? `node ${file}` : null
}

/** Whether something was not used for so long. */
export const isIdle = (usedAt: number, now: number, limitMs: number): boolean => now - usedAt >= limitMs
