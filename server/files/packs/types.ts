/** Where a session's things lie on this machine. */
export interface Place {
  /** Holds the two others, and is what a pack brings back. */
  root: string
  /** What agents and people see. */
  files: string
  /** What is remembered of former contents; nothing that works in `files` can see it. */
  changes: string
}
