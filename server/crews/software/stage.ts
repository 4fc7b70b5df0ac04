import { budgetSpentType } from '@/server/ai/schema.ts'
import { aiServerErrorType, interruptedType } from '@/server/ai/service.ts'
import { BuildEnded, closeStage, openStage, runStep, type StepContext, StepFailure } from '@/server/builds/service.ts'
import type { StagePlace } from './stages.ts'
import type { Ended, Run } from './types.ts'

interface ApiError {
  status?: number
  error?: { error?: { type?: string; message?: string } }
}

/** What an error of the Messages API means for the build; null where the error is none of those. */
export function modelFailure(error: unknown): Error | null {
  if (!(error instanceof Error)) return null
  const { status, error: body } = error as ApiError
  const { type, message } = body?.error ?? {}
  if (type === budgetSpentType) return new BuildEnded('The budget of this build is spent.')
  // What the app itself says of the way to the model may be shown as it is.
  if (type === interruptedType || type === aiServerErrorType) return new StepFailure(message ?? 'The AI server does not answer.')
  if (status !== undefined)
    return new StepFailure(`The model answered with status ${status}${type ? ` (${type})` : ''}, also after several tries.`)
  const unreachable = /^(APIConnectionError|APIConnectionTimeoutError|AnthropicError)$/.test(error.constructor.name)
  return unreachable ? new StepFailure('The model could not be reached, also after several tries.') : null
}

/** Steps of a stage: `step(key, name, work)` records one. */
export type Steps = <T>(key: string, name: string, work: (context: StepContext) => Promise<T>) => Promise<T>

function stepsOf({ projectId, buildId }: Run, place: StagePlace): Steps {
  return (key, name, work) =>
    runStep(projectId, buildId, { stageKey: place.key, key, name }, (context) =>
      work(context).catch((error) => {
        throw modelFailure(error) ?? error
      }),
    )
}

/** A step that is red and yet has something to hand on: the build goes on to the repairs. */
export async function redOr<T>(
  step: Steps,
  key: string,
  name: string,
  work: (context: StepContext) => Promise<{ value: T; red: string | null }>,
): Promise<T> {
  let found: { value: T } | undefined
  try {
    return await step(key, name, async (context) => {
      const result = await work(context)
      found = result
      return result.red === null ? result.value : context.fail(result.red)
    })
  } catch (error) {
    if (!(error instanceof StepFailure && found)) throw error
    return found.value
  }
}

/** Says how a stage ends that is neither red nor simply green, and why. The last word counts. */
export type EndAs = (status: 'UNSTABLE' | 'NOT_BUILT', reason: string) => void

/**
 * Runs one stage of the crew. What ends the build in an ordinary way comes back as a value, its reason stands with the step that
 * failed; what is broken is thrown, so that the executor tries the stage again.
 */
export async function stage<T>(run: Run, place: StagePlace, work: (step: Steps, endAs: EndAs) => Promise<T>): Promise<Ended<T>> {
  const { projectId, buildId } = run
  await openStage(projectId, buildId, place)
  let end: Parameters<EndAs> | undefined
  try {
    const value = await work(stepsOf(run, place), (...said) => {
      end = said
    })
    await closeStage(projectId, buildId, place.key, end?.[1], end?.[0])
    return { ok: true, value }
  } catch (error) {
    if (!(error instanceof StepFailure || error instanceof BuildEnded)) throw error
    // What cannot be begun has no step that is red.
    await closeStage(projectId, buildId, place.key, error.message, error instanceof StepFailure ? 'FAILURE' : undefined)
    return { ok: false, status: error instanceof BuildEnded ? 'ABORTED' : 'FAILURE' }
  }
}
