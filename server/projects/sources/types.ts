import type { RawIssue } from '../rules.ts'

/** A place issues are fetched from. */
export interface IssueSource {
  /**
   * Fetches one issue.
   * @throws AppError NOT_FOUND where it is not to be seen, UNAVAILABLE where the place does not answer or asks to wait
   */
  fetchIssue(at: { owner: string; repo: string; number: number }): Promise<RawIssue>
}
