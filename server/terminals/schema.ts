import { z } from 'zod'

export const terminalLimits = { perSession: 4, perPerson: 12, scrollbackBytes: 256 * 1024, inputBytes: 16 * 1024 } as const
export const terminalSize = z.object({ cols: z.number().int().min(10).max(500), rows: z.number().int().min(3).max(200) })
export const terminalOpenInput = terminalSize.extend({
  sessionId: z.uuid(),
  /** One that runs already; without it a new one is started. */ terminalId: z.uuid().optional(),
  /** How much of its output the page has already; what follows comes with the answer, as far as it is kept. */ after: z
    .number()
    .int()
    .min(0)
    .optional(),
})
export const terminalInput = z.object({ terminalId: z.uuid(), data: z.string().min(1).max(terminalLimits.inputBytes) })
export const terminalResize = terminalSize.extend({ terminalId: z.uuid() })
export const terminalSeen = z.object({ terminalId: z.uuid(), at: z.number().int().min(0) })
export const terminalName = z.object({ terminalId: z.uuid() })
/** Why a terminal came to its end: its shell's own, by its owner's word, or with the conversation, the disk's room, the time, the server. */
export const terminalEnds = ['exit', 'ended', 'session', 'quota', 'idle', 'server'] as const
export type TerminalEnd = (typeof terminalEnds)[number]

type Answer<T> = (answer: T | { error: { code: string; message: string; key?: string } }) => void
/** A terminal's traffic. Its output is numbered by bytes: `at` is where `data` begins. */
export interface TerminalClientEvents {
  'terminal:open': (input: z.infer<typeof terminalOpenInput>, ack: Answer<{ terminalId: string; at: number; data: Uint8Array }>) => void
  'terminal:input': (input: z.infer<typeof terminalInput>) => void
  'terminal:resize': (input: z.infer<typeof terminalResize>) => void
  /** The page has shown everything before `at`; no more than some hundred kilobytes are sent ahead of it. */
  'terminal:seen': (input: z.infer<typeof terminalSeen>) => void
  /** The page shows it no more; it goes on. */
  'terminal:leave': (input: z.infer<typeof terminalName>) => void
  'terminal:end': (input: z.infer<typeof terminalName>) => void
}
export interface TerminalServerEvents {
  'terminal:output': (message: { terminalId: string; at: number; data: Uint8Array }) => void
  'terminal:ended': (message: { terminalId: string; exitCode: number | null; why: TerminalEnd }) => void
}

export const terminalsInput = z.object({ sessionId: z.uuid() })
export const terminalsOutput = z.object({
  /** Those that run, oldest first. */
  terminals: z.array(z.object({ id: z.string(), startedAt: z.iso.datetime() })),
  /** How many run on other servers of this installation; only those can show them. */
  elsewhere: z.number().int(),
  limit: z.number().int(),
  /** Whether this machine can run any: nothing runs outside a sandbox. */
  available: z.boolean(),
})

export const previewStates = ['off', 'starting', 'ready', 'failed', 'elsewhere'] as const
export const previewInput = z.object({ sessionId: z.uuid() })
/** Without a command, the pages that lie in the folder are shown as they are. */
export const startPreviewInput = previewInput.extend({ command: z.string().trim().max(500) })
export const suggestionSchema = z.object({
  /** What probably starts the app; null where nothing says so. */
  command: z.string().nullable(),
  /** Whether there are pages that can be shown without any command. */
  pages: z.boolean(),
})
export const previewSchema = z.object({
  state: z.enum(previewStates),
  command: z.string().nullable(),
  /** The address it is shown at; each start has another. */
  url: z.string().nullable(),
  /** Why it ended, where it did by itself. */
  reason: z.enum(['exit', 'slow', 'room']).nullable(),
  exitCode: z.number().int().nullable(),
  /** The last lines of its output, for whoever wonders why it failed. */
  output: z.string(),
})
export type Preview = z.infer<typeof previewSchema>
