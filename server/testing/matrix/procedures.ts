import type { Access } from './access.ts'

/** Who may call what. A procedure that is not listed here fails the test of the whole list. */
export const expected: Record<string, Access> = {
  'accounts.me': 'public',
  'accounts.signIn': 'public',
  'artifacts.list': 'reader',
  'artifacts.text': 'reader',
  'builds.jobs': 'user',
  'builds.list': 'reader',
  'builds.get': 'reader',
  'builds.start': 'maintainer',
  'builds.abort': 'maintainer',
  'deployments.service': 'reader',
  'deployments.start': 'maintainer',
  'deployments.stop': 'maintainer',
  'projects.create': 'beta',
  'projects.get': 'reader',
  'projects.suggestName': 'beta',
  'projects.rename': 'owner',
  'streams.read': 'reader',
  'streams.index': 'reader',
}

/** Who may say what over a socket; only whoever has a session is known there, so tokens are nobody. */
export const expectedEvents: Record<string, Access | 'harmless'> = {
  'stream:open': 'reader',
  'stream:close': 'harmless',
  'project:watch': 'reader',
  'project:unwatch': 'harmless',
}

/** Who may ask the raw routes; `open` ones answer everybody, or ask for a proof of their own that their tests try. */
export const expectedRoutes: Record<string, Access | 'open'> = {
  'artifacts/[service]/[number]/[...name]': 'reader',
  'auth/[...nextauth]': 'open',
  'console/[service]/[number]': 'reader',
  health: 'open',
  'health/ready': 'open',
  inngest: 'open',
  'trpc/[trpc]': 'open',
}
