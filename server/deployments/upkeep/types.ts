/** How a running version is asked whether it is well. */
export interface ProbeTarget {
  path: string
  intervalMs: number
  timeoutMs: number
  /** True where no key opens what says how it is asked: that it answers at all has to do. */
  anyAnswer: boolean
}
