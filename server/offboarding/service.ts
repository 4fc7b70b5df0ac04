import { audited } from '@/server/audit/service.ts'
import { abortBuild, removeFoldersOf } from '@/server/builds/service.ts'
import { removeChatsOf } from '@/server/chats/service.ts'
import { env } from '@/server/core/env.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import { type Act, type Actor, givenUpProjects, type ProjectId } from '@/server/core/gates.ts'
import { personTopic, projectTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { removeService } from '@/server/deployments/service.ts'
import { removeRepository } from '@/server/worktrees/service.ts'
import { takeLeave } from './account/deletion.ts'
import * as data from './data.ts'
import { isConfirmed } from './rules.ts'
import { type DeleteAccountInput, offboardingEvents } from './schema.ts'

export { previewDeletion } from './account/deletion.ts'
export { exportOf } from './account/export.ts'

const noProject = () => new AppError('NOT_FOUND', 'There is no such project.', 'service', { key: 'noService' })

/** Has a project that was given up removed in the background. What cannot be asked for now is found by the next sweep. */
async function askForRemoval(projectId: string, correlationId: string): Promise<void> {
  const { givenUp } = offboardingEvents
  await sendEvent({ name: givenUp, id: `${givenUp}:${projectId}`, source: 'offboarding', correlationId, data: { projectId } }).catch(
    (err) => logger.warn({ err, projectId }, 'the removal of a project could not be asked for; the next sweep will'),
  )
}

/**
 * Gives a project up: from now on nobody can open it, and all that belongs to it is removed, its running service, builds, files and
 * keys too.
 * @throws AppError BAD_REQUEST where its name was not typed, NOT_FOUND where it is being removed already
 */
export async function deleteProject(act: Act, projectId: ProjectId, confirm: string): Promise<void> {
  const service = await data.findService(projectId)
  if (!service) throw noProject()
  if (!isConfirmed(confirm, service))
    throw new AppError('BAD_REQUEST', `Type the service’s name, ${service}, to confirm.`, 'confirm', {
      key: 'confirmProject',
      values: { service },
    })
  const members = await data.memberIds(projectId)
  await audited(act, { action: 'project.deleted', target: { type: 'project', id: projectId, label: service } }, async (tx) => {
    if (!(await data.markGivenUp(tx, projectId, new Date(registry('clock').now())))) throw noProject()
  })
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
  for (const userId of members) registry('hub').publish(personTopic(userId), {})
  await askForRemoval(projectId, act.requestId)
}

async function abortBuilds(projectId: ProjectId): Promise<void> {
  for (const number of await data.openBuilds(projectId))
    await abortBuild(projectId, null, number).catch((error) => {
      // It came to its end by itself meanwhile.
      if (!isAppError(error)) throw error
    })
}

/**
 * Removes a project that was given up, or a person's own space: ends its builds and its service, then files, then rows, so that whatever cuts this short, the next
 * time finds the rows and goes on. Does nothing for a project that was not given up, or is gone.
 */
export async function removeProject(projectId: ProjectId): Promise<void> {
  if ((await givenUpProjects(projectId)).length === 0) return
  await abortBuilds(projectId)
  await removeChatsOf(projectId)
  await removeService(projectId, async () => {
    const builds = await data.buildIds(projectId)
    await removeFoldersOf(env().MAESTRO_DATA_DIR, projectId, builds)
    for (const buildId of builds) await removeRepository(buildId)
    const keys = await data.objectKeys(projectId)
    for (const key of keys) await registry('objects').delete(key)
    await data.deleteProject(projectId)
    // Once more: what was sealed anew at that moment still had its row.
    for (const key of keys) await registry('objects').delete(key)
  })
}

/** For the start of a server and now and then: removes what earlier lives of it were asked to remove. Gives how many projects went. */
export async function removeGivenUpProjects(): Promise<number> {
  let removed = 0
  for (const { projectId, service } of await givenUpProjects()) {
    try {
      await removeProject(projectId)
      removed++
    } catch (err) {
      logger.error({ err, service }, 'a project that was given up could not be removed')
    }
  }
  return removed
}

/**
 * Deletes a person's account; see `takeLeave`. Their sockets close at once.
 * @throws AppError BAD_REQUEST, CONFLICT, NOT_FOUND
 */
export async function deleteAccount(act: Act, actor: Actor, input: DeleteAccountInput): Promise<void> {
  for (const projectId of await takeLeave(act, actor, input)) await askForRemoval(projectId, act.requestId)
}
