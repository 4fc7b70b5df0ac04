/** A stage's place in the graph. Stages of one position run side by side. */
export interface StagePlace {
  key: string
  name: string
  position: number
  branch?: string
}

/** The stages every build of the crew goes through. Repairs are added between `tests` and `review` when tests are red. */
export const stages = {
  specification: { key: 'specification', name: 'Specification', position: 1 },
  architecture: { key: 'architecture', name: 'Architecture', position: 2 },
  tasks: { key: 'tasks', name: 'Task split', position: 3 },
  acceptance: { key: 'acceptance-tests', name: 'Acceptance tests', position: 4 },
  frontend: { key: 'frontend', name: 'Frontend', position: 5, branch: 'frontend' },
  backend: { key: 'backend', name: 'Backend', position: 5, branch: 'backend' },
  integration: { key: 'integration', name: 'Integration', position: 6 },
  tests: { key: 'tests', name: 'Tests', position: 7 },
  review: { key: 'review', name: 'Review', position: 80 },
  deployment: { key: 'deployment', name: 'Deployment', position: 90 },
  monitoring: { key: 'monitoring', name: 'Monitoring', position: 91 },
} as const satisfies Record<string, StagePlace>

/** At most this many rounds of repairs follow a red test run. */
export const repairRounds = 3

/** The stages of repair round 1, 2 or 3. */
export function repairStages(round: number): { frontend: StagePlace; backend: StagePlace; integration: StagePlace; tests: StagePlace } {
  const position = 10 * round
  return {
    frontend: { key: `repair-${round}-frontend`, name: `Repair ${round}: frontend`, position, branch: 'frontend' },
    backend: { key: `repair-${round}-backend`, name: `Repair ${round}: backend`, position, branch: 'backend' },
    integration: { key: `integration-${round + 1}`, name: `Integration ${round + 1}`, position: position + 1 },
    tests: { key: `tests-${round + 1}`, name: `Tests ${round + 1}`, position: position + 2 },
  }
}

/** The folder of the build's workspace that holds the app with its dependencies. */
export const appFolder = 'app'
