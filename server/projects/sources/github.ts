import { Octokit } from '@octokit/core'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { IssueSource } from './types.ts'

const timeoutMs = 10_000

function refusal(error: unknown): AppError {
  const status = (error as { status?: number }).status
  if (status === 404 || status === 410)
    return new AppError('NOT_FOUND', 'GitHub has no such issue, or it is not public.', 'source.url', { cause: error })
  if (status === 401) return new AppError('UNAVAILABLE', 'GitHub refused the token this installation uses.', 'source.url', { cause: error })
  if (status === 403 || status === 429)
    return new AppError('UNAVAILABLE', 'GitHub asks to wait before the next look-up. Paste the issue, or try again later.', 'source.url', {
      cause: error,
    })
  return new AppError('UNAVAILABLE', 'GitHub does not answer right now. Paste the issue, or try again later.', 'source.url', {
    cause: error,
  })
}

/** GitHub's REST API at GITHUB_API_URL, with GITHUB_TOKEN where one is set. */
export const github: IssueSource = {
  async fetchIssue({ owner, repo, number }) {
    const octokit = new Octokit({
      baseUrl: env().GITHUB_API_URL.replace(/\/$/, ''),
      auth: env().GITHUB_TOKEN,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    })
    try {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
        owner,
        repo,
        issue_number: number,
        request: { signal: AbortSignal.timeout(timeoutMs) },
      })
      return { title: data.title, body: data.body ?? '', url: data.html_url }
    } catch (error) {
      throw refusal(error)
    }
  },
}
