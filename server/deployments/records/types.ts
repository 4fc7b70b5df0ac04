import type { DeploymentRow } from '../data.ts'
import type { Version } from '../rollout/types.ts'

/** A deployment's row, as far as it says how the version is run. */
export type StoredRun = Pick<DeploymentRow, 'id' | 'number' | 'buildId' | 'run' | 'runSealed'>

/** The version in use. */
export interface Current {
  id: string
  number: number
  slug: string
  /** Null where no key opens its run description: it may go on running, but it cannot be started. */
  version: Version | null
  row: DeploymentRow
}
