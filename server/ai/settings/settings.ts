import { auditedChange } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { denialOf, isPattern } from '../redaction/deny.ts'
import { type AiSettings, defaultAiSettings, type PathAnswer, severitySchema } from '../schema.ts'
import type { StoredSettings } from './types.ts'

const read = ({ review, stopAt, denyPaths }: StoredSettings): AiSettings => ({
  review,
  // A severity that is not known any more stops as early as the default does.
  stopAt: severitySchema.nullable().catch(defaultAiSettings.stopAt).parse(stopAt),
  denyPaths,
})

/** What a project's owner chose about its code and models; the defaults where nobody chose. One indexed read. */
export async function settingsOf(projectId: ProjectId): Promise<AiSettings> {
  const stored = await data.findSettings(projectId)
  return stored ? read(stored) : defaultAiSettings
}

function checkPatterns(denyPaths: readonly string[]): void {
  const wrong = denyPaths.find((pattern) => !isPattern(pattern))
  if (wrong === undefined) return
  throw new AppError('BAD_REQUEST', `"${wrong}" is no pattern that can match a path.`, 'denyPaths', {
    key: 'denyPattern',
    values: { pattern: wrong },
  })
}

/**
 * Changes a project's settings as a whole.
 * @throws AppError BAD_REQUEST where a pattern cannot match anything; NOT_FOUND where the project is gone
 */
export async function changeSettings(act: Act, projectId: ProjectId, asked: AiSettings): Promise<AiSettings> {
  checkPatterns(asked.denyPaths)
  const wanted = { ...asked, denyPaths: [...new Set(asked.denyPaths)] }
  const label = await data.findSlug(projectId)
  if (label === null) throw new AppError('NOT_FOUND', 'There is no such project.')
  const before = await settingsOf(projectId)
  const details = { from: JSON.stringify(before), to: JSON.stringify(wanted) }
  const record = { action: 'project.code-settings-changed', target: { type: 'project', id: projectId, label }, details } as const
  await auditedChange(act, record, async (tx) => {
    if (details.from === details.to) return false
    await data.saveSettings(tx, projectId, wanted, new Date(registry('clock').now()))
    return true
  })
  return wanted
}

/** Whether a path would be withheld, and by which pattern: of those that are given, or else of those that are stored. */
export async function tryPath(projectId: ProjectId, path: string, denyPaths?: readonly string[]): Promise<PathAnswer> {
  if (denyPaths) checkPatterns(denyPaths)
  const denial = denialOf(path, denyPaths ?? (await settingsOf(projectId)).denyPaths)
  return { withheld: denial !== null, pattern: denial?.pattern ?? null, always: denial?.always ?? false }
}
