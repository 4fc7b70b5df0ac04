import { z } from 'zod'

export const terminalLimits = { perSession: 4, scrollbackBytes: 256 * 1024, inputBytes: 16 * 1024 } as const
export const terminalSize = z.object({ cols: z.number().int().min(10).max(500), rows: z.number().int().min(3).max(200) })
export const terminalOpenInput = terminalSize.extend({
  sessionId: z.uuid(),
  /** One that runs already; without it a new one is started. */ terminalId: z.uuid().optional(),
})

type Answer<T> = (answer: T | { error: { code: string; message: string } }) => void
/** A terminal's traffic. Its output is numbered by bytes: `at` is where `data` begins. */
export interface TerminalClientEvents {
  'terminal:open': (input: z.infer<typeof terminalOpenInput>, ack: Answer<{ terminalId: string; at: number; data: string }>) => void
  'terminal:input': (input: { terminalId: string; data: string }) => void
  'terminal:resize': (input: { terminalId: string; cols: number; rows: number }) => void
  'terminal:end': (input: { terminalId: string }) => void
}
export interface TerminalServerEvents {
  'terminal:output': (message: { terminalId: string; at: number; data: string }) => void
  'terminal:ended': (message: { terminalId: string; exitCode: number | null }) => void
}

export const previewStates = ['off', 'starting', 'ready', 'failed'] as const
export const previewInput = z.object({ sessionId: z.uuid() })
export const startPreviewInput = previewInput.extend({ command: z.string().trim().min(1).max(500) })
export const previewSchema = z.object({
  state: z.enum(previewStates),
  command: z.string().nullable(),
  /** The address it is shown at; each start has another. */
  url: z.string().nullable(),
  /** The last lines of its output, for whoever wonders why it failed. */
  output: z.string(),
})
export type Preview = z.infer<typeof previewSchema>
