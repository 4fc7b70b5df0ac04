import { AppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { failureReason, trialGate } from '../rules.ts'
import { type RunDescription, runDescriptionSchema } from '../schema.ts'
import { passesGate } from './health.ts'
import { supervisorPlaces } from './places.ts'
import { endSupervisor, restartApp, startAttached } from './supervised.ts'

export interface TrialInput {
  /** Names the trial in its data directory; one that is left over under the same key is ended first. */
  key: string
  sourceDir: string
  run: RunDescription
  dataDir: string
}

/** An app that runs for a test, behind a Unix socket. */
export interface Trial {
  socketPath: string
  /** Ends the app and starts it again on the same data; resolves when it answers. @throws AppError UNAVAILABLE where it does not */
  restart(): Promise<void>
  /** The same on empty data. */
  reset(): Promise<void>
  stop(): Promise<void>
  /** Hears what the app says, from its start on as far as it is still kept (64 KB); returns the function that ends this. */
  onOutput(listener: (text: string) => void): () => void
}

const keptChars = 64 * 1024

function outputs() {
  const listeners = new Set<(text: string) => void>()
  let kept = ''
  return {
    hear: (bytes: Buffer) => {
      const text = bytes.toString()
      kept = (kept + text).slice(-keptChars)
      for (const listener of listeners) listener(text)
    },
    onOutput: (listener: (text: string) => void) => {
      if (kept) listener(kept)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Starts a trial; resolves once the app answers.
 * @throws AppError UNAVAILABLE with the app's last words where it does not answer
 */
export async function openTrial(directory: string, launcher: 'sandbox' | 'process', input: TrialInput): Promise<Trial> {
  const run = runDescriptionSchema.parse(input.run)
  const key = `trial:${input.key}`
  const { controlSocket, appSocket } = supervisorPlaces(directory, key)
  const { hear, onOutput } = outputs()
  const answers = async () => {
    const refused = await passesGate({ controlSocket, appSocket, healthPath: run.healthPath }, trialGate, registry('clock'))
    if (refused) throw new AppError('UNAVAILABLE', failureReason(refused.what, refused.tail))
  }
  const again = async (emptyData: boolean) => {
    await restartApp(controlSocket, { emptyData })
    await answers()
  }
  const stop = async () => {
    await endSupervisor(controlSocket)
  }
  const { sourceDir, dataDir } = input
  const app = { key, release: 0, launcher, command: run.start, env: run.env, sourceDir, dataDir, memoryMb: run.memoryMb, spool: null }
  await startAttached(directory, { ...app, restart: 'never' }, hear)
  await answers().catch(async (error) => {
    await stop()
    throw error
  })
  return { socketPath: appSocket, restart: () => again(false), reset: () => again(true), stop, onOutput }
}
