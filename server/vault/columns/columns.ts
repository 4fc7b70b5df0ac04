import { isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { open, seal } from '../service.ts'
import type { Opened, Stored } from './types.ts'

/*
 * What stays readable at rest, since lists search and sort by it: titles, names of services, stages, steps and files, statuses, dates,
 * sizes, digests and ids. What people and agents wrote, what code and apps printed, and what configures them is sealed; SECURITY.md
 * lists both.
 */

/** Seals a text for a column; null stays null. */
export async function sealText(projectId: ProjectId, context: string, text: string | null | undefined): Promise<Buffer | null> {
  return text === null || text === undefined ? null : seal(projectId, context, Buffer.from(text))
}

/** Seals any JSON value for a column; undefined is null. */
export const sealJson = (projectId: ProjectId, context: string, value: unknown): Promise<Buffer | null> =>
  sealText(projectId, context, value === undefined || value === null ? null : JSON.stringify(value))

/**
 * Seals why something ended as it did. Where no key can be had the words are given up, not the end: what is over must not hang on its
 * explanation.
 */
export async function sealWords(projectId: ProjectId, context: string, words: string | null | undefined): Promise<Buffer | null> {
  try {
    return await sealText(projectId, context, words)
  } catch (err) {
    if (!isAppError(err)) throw err
    logger.warn({ err, context }, 'words could not be sealed and were not kept')
    return null
  }
}

/** Reads a column. What no key opens is no error: the page around it stands. */
export async function openText(projectId: ProjectId, context: string, { sealed, plain }: Stored): Promise<Opened> {
  if (sealed === null) return { value: plain, unreadable: false }
  try {
    return { value: (await open(projectId, context, sealed)).toString('utf8'), unreadable: false }
  } catch (err) {
    if (!isAppError(err)) throw err
    if (err.code === 'CONFLICT') logger.warn({ err, context }, 'something sealed was altered')
    return { value: null, unreadable: true }
  }
}

/** The same for any JSON value, whose plain column holds it parsed. */
export async function openJson(
  projectId: ProjectId,
  context: string,
  { sealed, plain }: { sealed: Uint8Array | null; plain: unknown },
): Promise<Opened<unknown>> {
  if (sealed === null) return { value: plain ?? null, unreadable: false }
  const { value, unreadable } = await openText(projectId, context, { sealed, plain: null })
  return { value: value === null ? null : JSON.parse(value), unreadable }
}
