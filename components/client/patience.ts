/** How long is waited after each failure in a row before the server is asked again; the last holds for all that follow. */
const retryMs = [250, 500, 1_000, 2_000, 5_000] as const
const hopeless = new Set(['NOT_FOUND', 'FORBIDDEN', 'UNAUTHENTICATED', 'BAD_REQUEST'])

/** How long to wait after this many failures, from 0. */
export const waitAfter = (failures: number): number => retryMs[Math.min(failures, retryMs.length - 1)] ?? retryMs[0]

/** Whether asking again would be refused again. */
export const isHopeless = (code: string): boolean => hopeless.has(code)
