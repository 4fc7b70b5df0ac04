import type { ProjectId } from '@/server/core/gates.ts'

/** A build of a project's files. */
export interface Run {
  projectId: ProjectId
  buildId: string
}

/** A stage's place in the graph. */
export interface StagePlace {
  key: string
  name: string
  position: number
}

/** The stages that a build of files may go through. */
export const places = {
  source: { key: 'source', name: 'Source', position: 1 },
  install: { key: 'install', name: 'Install', position: 2 },
  build: { key: 'build', name: 'Build', position: 3 },
  test: { key: 'test', name: 'Test', position: 4 },
  deployment: { key: 'deployment', name: 'Deployment', position: 5 },
} as const satisfies Record<string, StagePlace>
