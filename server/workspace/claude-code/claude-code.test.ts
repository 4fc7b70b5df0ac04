import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentConfig } from '@/server/agents/schema.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { projectRoot } from '@/server/core/paths.ts'
import type { MessageRequest } from '@/server/embedded/model/protocol/request.ts'
import { type DemoModel, startDemoModel } from '@/server/embedded/model/server.ts'
import { directoryOf } from '@/server/files/service.ts'
import { until } from '@/server/testing/until.ts'
import { type TestChat, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import { engineStates } from '../engines/all.ts'
import { approvalsOf, decideApproval, send, stopRun } from '../service.ts'
import { folderName, hasPinned } from './install.ts'

/** Where whoever works on this installed it, by the page or by hand. */
const place = join(projectRoot(), '.maestro', 'engines')
const isThere = hasPinned(join(place, folderName))
const beside = hasPinned(projectRoot())
const found = isThere || beside
const tools = { run_command: 'ask', write_file: 'ask', read_file: 'allowed' } as const

let demo: DemoModel
const requests: MessageRequest[] = []
let world: WorkspaceWorld
let runner: { stop(): Promise<void> }
let actorId: ActorId

beforeAll(async () => {
  demo = await startDemoModel({
    fault: (request) => {
      requests.push(request)
      return null
    },
  })
  world = await workspaceWorld({ ai: { baseUrl: demo.url } })
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

it('is offered with its size where it is not installed, and a run says what is missing', async () => {
  const offered = (await engineStates()).find(({ name }) => name === 'claude-code')
  expect(offered).toMatchObject({ available: beside, installBytes: expect.any(Number), installing: false })
  if (beside) return
  const mine = await chat()
  expect(await mine.answer((await say(mine, 'hello')).runId)).toMatchObject({ state: 'failed', failure: 'engineMissing' })
  expect(requests).toEqual([])
})

// Some 400 MB that nobody downloads for a test: where it is not there, these do not exist, and the run says so.
if (!found) console.info('Claude Code is not installed (.maestro/engines): the tests that run it are left out.')
else
  describe('Claude Code, where it is installed', () => {
    beforeAll(async () => {
      await rm(join(world.dataDir, 'engines'), { recursive: true, force: true })
      if (isThere) await symlink(place, join(world.dataDir, 'engines'))
    })

    it('writes a file and runs a command, each with a person’s word', async () => {
      const mine = await chat()
      const { runId } = await say(mine, 'write hello.txt: Hello there, then run `cat hello.txt && id -u && ls /`')
      for (const tool of ['write_file', 'run_command']) {
        const [asked] = await until(waiting(mine.sessionId), { what: `the request for ${tool}` })
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
    })

    it('does not do what nobody allowed, and hears of what was said before', async () => {
      const mine = await chat()
      const { runId } = await say(mine, 'write no.txt: nothing')
      const [asked] = await until(waiting(mine.sessionId), { what: 'the request' })
      await decideApproval(actorId, { approvalId: asked?.id ?? '', decision: 'deny' })
      expect((await mine.answer(runId)).parts?.find((part) => part.type === 'tool')).toMatchObject({ state: 'denied' })
      expect(existsSync(join(await directoryOf(await spaceForActor(actorId), mine.sessionId), 'no.txt'))).toBe(false)

      requests.length = 0
      expect(await mine.answer((await say(mine, 'list the files')).runId)).toMatchObject({ state: 'done' })
      expect(JSON.stringify(requests[0]?.messages)).toContain('write no.txt: nothing')
      const offered = new Set(requests.flatMap(({ tools = [] }) => tools.map(({ name }) => name)))
      for (const name of ['WebFetch', 'WebSearch', 'Task', 'Agent']) expect(offered).not.toContain(name)
    })

    // Those that change something it calls, and asks about, one after the other; that is its own order, and nothing here waits in it.
    it('asks about all calls at once that it makes at once', async () => {
      const mine = await chat({ tools: { read_file: 'ask' } })
      const { runId } = await say(mine, 'read one.txt and two.txt')
      const both = async () => ((await waiting(mine.sessionId)())?.length === 2 ? waiting(mine.sessionId)() : null)
      const asked = await until(both, { what: 'both requests' })
      expect(asked.map(({ input }) => input)).toEqual(['{"path":"one.txt"}', '{"path":"two.txt"}'])
      for (const { id } of asked) await decideApproval(actorId, { approvalId: id, decision: 'deny' })
      const cards = ((await mine.answer(runId)).parts ?? []).filter((part) => part.type === 'tool')
      expect(cards).toMatchObject([{ state: 'denied' }, { state: 'denied' }])
    })

    it('has the platform’s other tools, too, with the same permissions', async () => {
      const mine = await chat({ tools: { write_file: 'allowed', delete_file: 'ask', list_projects: 'allowed' } })
      const words = 'write old.txt: gone soon, then list my projects and delete old.txt'
      const { runId } = await say(mine, words)
      const [asked] = await until(waiting(mine.sessionId), { what: 'the request' })
      expect(asked).toMatchObject({ tool: 'delete_file', input: '{"path":"old.txt"}' })
      await decideApproval(actorId, { approvalId: asked?.id ?? '', decision: 'allow' })
      const cards = ((await mine.answer(runId)).parts ?? []).filter((part) => part.type === 'tool')
      expect(cards).toMatchObject([
        { tool: 'write_file', state: 'done' },
        { tool: 'list_projects', state: 'done', output: expect.stringContaining('no project') },
        { tool: 'delete_file', state: 'done', changed: [{ path: 'old.txt', kind: 'deleted' }] },
      ])
    })

    it('is stopped in the middle of a command, with all that it started', async () => {
      const mine = await chat({ tools: { run_command: 'allowed' } })
      const { runId } = await say(mine, 'run `touch begun; sleep 300`')
      const begun = join(await directoryOf(await spaceForActor(actorId), mine.sessionId), 'begun')
      await until(async () => existsSync(begun), { what: 'the command' })
      await stopRun(actorId, { sessionId: mine.sessionId, runId })
      const answer = await mine.answer(runId)
      expect(answer.state).toBe('stopped')
      expect(answer.parts?.find((part) => part.type === 'tool')).toMatchObject({ state: 'interrupted' })
    })

    it('goes on in another process, and makes no call again that was under way', async () => {
      const mine = await chat({ tools: { run_command: 'allowed' } })
      const { runId } = await say(mine, 'run `echo x >> times; sleep 4`')
      const times = join(await directoryOf(await spaceForActor(actorId), mine.sessionId), 'times')
      await until(async () => existsSync(times), { what: 'the command' })
      await runner.stop()
      runner = await world.startRunner()
      const answer = await mine.answer(runId)
      expect(answer).toMatchObject({ state: 'done', failure: null })
      expect(answer.parts?.filter((part) => part.type === 'tool')[0]).toMatchObject({ state: 'interrupted' })
    })

    it('fails with the reason where the model refuses, and streams what it says', async () => {
      const refused = await chat()
      expect(await refused.answer((await say(refused, 'hello [demo 400]')).runId)).toMatchObject({ state: 'failed', failure: 'refused' })
      const mine = await chat()
      const { runId } = await say(mine, 'count to 200')
      expect((await mine.answer(runId)).parts).toMatchObject([{ type: 'text', text: expect.stringMatching(/^1 2 3[\s\S]* 200$/) }])
      const deltas = mine.heard.filter(({ event }) => event.type === 'delta')
      expect(deltas.length).toBeGreaterThan(1)
    })
  })
