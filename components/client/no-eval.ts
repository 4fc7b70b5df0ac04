/**
 * Our pages may not make code out of text. Where that is allowed the schemas' library does, and it finds out by trying, which browsers report; so it
 * is told beforehand. The name is the library's own place for settings that all its copies share; importing it here would load it on every page.
 */
if (typeof window !== 'undefined') Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

export {}
