import type { Answer } from './schema.ts'

/** A project that nobody else owns. */
export interface OwnedAlone {
  projectId: string
  service: string
  heirs: readonly { userId: string }[]
}

/** What is to be done with a project. */
export type Decision = { projectId: string; service: string } & ({ action: 'delete' } | { action: 'transfer'; to: string })

export type Problem = { kind: 'unanswered' | 'notAlone' | 'noHeir'; service: string }

const decide = (project: OwnedAlone, answer: Answer): Decision => {
  const { projectId, service } = project
  return answer.action === 'delete' ? { projectId, service, action: 'delete' } : { projectId, service, action: 'transfer', to: answer.to }
}

/**
 * Holds a person's answers against the projects that only they own: each has to be answered for, none besides, and who inherits has to
 * be one of its heirs.
 */
export function decisionsOf(owned: readonly OwnedAlone[], answers: readonly Answer[]): Decision[] | Problem {
  const given = new Map(answers.map((answer) => [answer.service, answer]))
  const stranger = answers.find(({ service }) => !owned.some((project) => project.service === service))
  if (stranger) return { kind: 'notAlone', service: stranger.service }
  const decisions: Decision[] = []
  for (const project of owned) {
    const answer = given.get(project.service)
    if (!answer) return { kind: 'unanswered', service: project.service }
    if (answer.action === 'transfer' && !project.heirs.some(({ userId }) => userId === answer.to))
      return { kind: 'noHeir', service: project.service }
    decisions.push(decide(project, answer))
  }
  return decisions
}

const shown = (text: string) => text.trim().toLowerCase()

/** Whether somebody typed what they were asked to type; capitals and spaces around it are no other words. */
export const isConfirmed = (typed: string, expected: string): boolean => shown(typed) === shown(expected)
