import type { ProjectId } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { registry } from '@/server/core/registry.ts'
import type { Named } from './types.ts'

/** Hints that a project's builds have changed. */
export function changed(projectId: ProjectId, number: number): void {
  registry('hub').publish(projectTopic(projectId), { kind: 'build', number })
}

/** The id of one of a build's events: sent again, it starts nothing. */
export const eventId = (name: string, buildId: string) => `${name}:${buildId}`

/** Sends one of a build's events; its id makes it safe to send again. */
export function announce(
  projectId: ProjectId,
  name: string,
  { buildId, number }: Named,
  more: Record<string, unknown> = {},
): Promise<void> {
  return sendEvent({
    name,
    id: eventId(name, buildId),
    source: 'builds',
    correlationId: buildId,
    data: { projectId, buildId, number, ...more },
  })
}
