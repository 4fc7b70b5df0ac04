import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentConfig } from '@/server/agents/schema.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { type DemoModel, startDemoModel } from '@/server/embedded/model/server.ts'
import { directoryOf } from '@/server/files/service.ts'
import { until } from '@/server/testing/until.ts'
import { type TestChat, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import { approvalsOf, decideApproval, send, stopRun } from '../service.ts'
import { installedAt } from './install.ts'

/** Where whoever works on this installed it, by the page or by hand. */
const place = join(projectRoot(), '.maestro', 'engines')
const found = existsSync(place) || installedAt() !== null
const tools = { run_command: 'ask', write_file: 'ask', read_file: 'allowed' } as const

describe.skipIf(!found)('Claude Code (skipped where it is not installed: .maestro/engines or node_modules)', () => {
  let demo: DemoModel
  let world: WorkspaceWorld
  let runner: { stop(): Promise<void> }
  let actorId: ActorId

  beforeAll(async () => {
    demo = await startDemoModel()
    world = await workspaceWorld({ ai: { baseUrl: demo.url } })
    if (existsSync(place)) await symlink(place, join(world.dataDir, 'engines'))
    runner = await world.startRunner()
    actorId = await world.makePerson()
  })
  afterAll(async () => {
    await runner.stop()
    await world.stop()
    await demo.stop()
  })

  async function chat(config: Partial<AgentConfig> = {}): Promise<TestChat> {
    return world.makeChat(actorId, await world.makeAgent(actorId, { engine: 'claude-code', tools, ...config }))
  }
  const say = ({ sessionId }: TestChat, text: string) => send(actorId, { sessionId, requestId: randomUUID(), text, attachmentIds: [] })
  const waiting = (sessionId: string) => async () => {
    const found = (await approvalsOf(actorId)).filter((one) => one.sessionId === sessionId)
    return found.length > 0 ? found : null
  }

  it('writes a file and runs a command, each with a person’s word', async () => {
    const mine = await chat()
    const { runId } = await say(mine, 'write hello.txt: Hello there, then run `cat hello.txt && id -u && ls /`')
    for (const tool of ['write_file', 'run_command']) {
      const [asked] = await until(waiting(mine.sessionId), { what: `the request for ${tool}`, timeoutMs: 60_000 })
      expect(asked).toMatchObject({ tool })
      if (tool === 'write_file') expect(JSON.parse(asked?.input ?? '')).toEqual({ path: 'hello.txt', content: 'Hello there' })
      await decideApproval(actorId, { approvalId: asked?.id ?? '', decision: 'allow' })
    }
    const answer = await mine.answer(runId)
    expect(answer).toMatchObject({ state: 'done', failure: null })
    const cards = (answer.parts ?? []).filter((part) => part.type === 'tool')
    expect(cards).toMatchObject([
      { tool: 'write_file', state: 'done', changed: [{ path: 'hello.txt', kind: 'added' }] },
      { tool: 'run_command', state: 'done', output: expect.stringContaining('Hello there') },
    ])
    expect(cards[1]?.output).not.toContain('home')
    expect(await readFile(join(await directoryOf(await spaceForActor(actorId), mine.sessionId), 'hello.txt'), 'utf8')).toContain(
      'Hello there',
    )
    expect(answer.parts?.at(-1)).toMatchObject({ type: 'text', text: expect.stringContaining('hello.txt') })
    expect(answer.outputTokens).toBeGreaterThan(0)
  }, 120_000)
})
