/** What of this process the overview tells. */
export interface ServerFacts {
  /** The product's version, as its changelog names it. */
  version: string
  /** What was built, so that two servers of one version are told apart. */
  build: string
  startedAt: string
}
