import Bowser from 'bowser'
import type { SessionView } from './schema.ts'

/** Longer ones are no browser's, and a parser need not look at them whole. */
const agentMax = 300
const devices = ['desktop', 'mobile', 'tablet'] as const

const mainVersion = (version: string | undefined) => /^\d{1,6}/.exec(version ?? '')?.[0]
const joined = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' ') || null

/** What a user agent tells of a browser and its machine: names and main versions, as far as they are known. */
export function agentOf(userAgent: string | null): Pick<SessionView, 'browser' | 'system' | 'device'> {
  const agent = userAgent?.slice(0, agentMax).trim()
  if (!agent) return { browser: null, system: null, device: null }
  const { browser, os, platform } = Bowser.parse(agent)
  return {
    // What calls itself by a name and a version but is no browser is told by that name: curl, a test's program.
    browser: joined(browser.name?.slice(0, 40), mainVersion(browser.name && browser.version)) ?? /^[\w.-]{1,40}/.exec(agent)?.[0] ?? null,
    // Versions of macOS and Windows have stood still in user agents for years and say nothing.
    system: joined(os.name, os.name === 'macOS' || os.name === 'Windows' ? undefined : mainVersion(os.version)),
    device: devices.find((known) => known === platform.type) ?? null,
  }
}
