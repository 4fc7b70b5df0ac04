/** A finished build as far as its keeping is concerned. */
export interface KeptBuild {
  id: string
  status: string
  /** Whether one of the deployments that are still kept came of it. */
  deployed: boolean
}

/**
 * The builds that may go, of a project's finished ones, newest first: all beyond the newest `keep`, but never one that a kept
 * deployment came of, nor the last successful one.
 */
export function buildsToDiscard(newestFirst: readonly KeptBuild[], keep: number): string[] {
  const lastSuccess = newestFirst.find(({ status }) => status === 'SUCCESS')?.id
  return newestFirst.filter(({ id, deployed }, index) => index >= keep && !deployed && id !== lastSuccess).map(({ id }) => id)
}
