import type { z } from 'zod'
import { getArtifact, putArtifact } from '@/server/artifacts/service.ts'
import { StepFailure } from '@/server/builds/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { issueOf } from '@/server/projects/service.ts'
import type { Block, Run } from './types.ts'

/** Keeps a document as an artifact of the build: as JSON for the roles and the platform, and as text for people. */
export async function handOver(run: Run, stageKey: string, name: string, value: unknown, text?: string): Promise<void> {
  const json = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
  const { projectId, buildId } = run
  await putArtifact(projectId, { buildId, stageKey, name: `${name}.json`, mediaType: 'application/json', bytes: json })
  if (text !== undefined) await handOverText(run, stageKey, `${name}.md`, 'text/markdown', text)
}

/** Keeps a text as an artifact of the build. */
export async function handOverText(run: Run, stageKey: string, name: string, mediaType: string, text: string | Buffer): Promise<void> {
  await putArtifact(run.projectId, { buildId: run.buildId, stageKey, name, mediaType, bytes: Buffer.from(text) })
}

/** What no key opens any more ends the stage in words; nothing that is tried again would help. */
async function readable<T>(reading: Promise<T>, what: string): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (isAppError(error)) throw new StepFailure(`${what} cannot be opened.`)
    throw error
  }
}

/**
 * Reads a document that an earlier stage handed over.
 * @throws StepFailure where it cannot be opened
 * @throws Error where it does not fit its schema: a fault of ours, never of a role
 */
export async function handedOver<T extends z.ZodType>(run: Run, name: string, schema: T): Promise<z.infer<T>> {
  const { bytes } = await readable(getArtifact(run.projectId, run.buildId, `${name}.json`), `What an earlier stage handed over (${name})`)
  return schema.parse(JSON.parse(bytes.toString()))
}

/** The issue as a block: its title and text alone. */
export async function issueBlock(run: Run): Promise<Block> {
  const { title, body } = await readable(issueOf(run.projectId), 'The text of the issue')
  return ['issue', { title, body }]
}
