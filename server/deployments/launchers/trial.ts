import { heeding } from '@/server/core/clock.ts'
import { AppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { failureReason, trialGate } from '../rules.ts'
import { runDescriptionSchema } from '../schema.ts'
import { passesGate } from './health.ts'
import { supervisorPlaces } from './places.ts'
import { endSupervisor, restartApp, startAttached } from './supervised.ts'
import type { Trial, TrialInput } from './types.ts'

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
  const clock = input.signal ? heeding(registry('clock'), input.signal) : registry('clock')
  const answers = async () => {
    const refused = await passesGate({ controlSocket, appSocket, healthPath: run.healthPath }, trialGate, clock)
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
