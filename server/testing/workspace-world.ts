import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AgentConfig, agentConfigSchema } from '@/server/agents/schema.ts'
import { agentContext } from '@/server/agents/service.ts'
import type { ChatMessage } from '@/server/chats/schema.ts'
import { branchOf, createChat } from '@/server/chats/service.ts'
import type { Clock } from '@/server/core/clock.ts'
import { env } from '@/server/core/env.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeLive } from '@/server/core/live.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { sealForPlatform } from '@/server/vault/service.ts'
import type { ChatFrame, RunEvent } from '@/server/workspace/schema.ts'
import { startRunner } from '@/server/workspace/service.ts'
import { testAi } from './ai.ts'
import { testDatabase } from './database.ts'
import { asActor, makeUser } from './factories.ts'
import { type Answer, event, message, startMessagesApi } from './messages-api.ts'
import { until } from './until.ts'

type Block = { text: string[] } | { thinking: string } | { tool: string; input: unknown; id?: string }

function blockEvents(block: Block, index: number): string[] {
  const start = (content_block: object) => event({ type: 'content_block_start', index, content_block })
  const delta = (given: object) => event({ type: 'content_block_delta', index, delta: given })
  const stop = event({ type: 'content_block_stop', index })
  if ('text' in block) return [start({ type: 'text', text: '' }), ...block.text.map((text) => delta({ type: 'text_delta', text })), stop]
  if ('thinking' in block) {
    const said = [delta({ type: 'thinking_delta', thinking: block.thinking }), delta({ type: 'signature_delta', signature: 'signed' })]
    return [start({ type: 'thinking', thinking: '', signature: '' }), ...said, stop]
  }
  const id = block.id ?? `call_${randomUUID()}`
  const json = JSON.stringify(block.input)
  const pieces = [json.slice(0, json.length / 2), json.slice(json.length / 2)].map((partial_json) =>
    delta({ type: 'input_json_delta', partial_json }),
  )
  return [start({ type: 'tool_use', id, name: block.tool, input: {} }), ...pieces, stop]
}

/** The events of one answer of the model. */
function answerEvents(blocks: Block[], stop = blocks.some((block) => 'tool' in block) ? 'tool_use' : 'end_turn', input = 100): string[] {
  const usage = { input_tokens: input, output_tokens: 1 }
  return [
    event({ type: 'message_start', message: { ...message(''), content: [], usage } }),
    ...blocks.flatMap(blockEvents),
    event({ type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 20 } }),
    event({ type: 'message_stop' }),
  ]
}

/** A streamed answer; `between` is awaited before each event, so that a test decides when what comes. */
export const says =
  (
    blocks: Block[],
    { stop, between, input }: { stop?: string; between?: (index: number) => Promise<unknown> | undefined; input?: number } = {},
  ): Answer =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_s' })
    for (const [index, text] of answerEvents(blocks, stop, input).entries()) {
      await between?.(index)
      if (response.destroyed) return
      response.write(text)
    }
    response.end()
  }

/** A conversation of a person, as a test drives it. */
export interface TestChat {
  sessionId: string
  actorId: ActorId
  /** The branch that is shown. */
  branch(): Promise<ChatMessage[]>
  /** The last answer, once its run is over. */
  answer(runId: string): Promise<ChatMessage>
  /** Events that watchers of this process heard, in order, with their numbers. */
  heard: { runId: string; number: number; event: RunEvent }[]
}

/** Everything that answers need, but no pages: a database, keys, an AI server before an API whose words the test gives, and a data directory. */
export async function workspaceWorld({ clock, ai: aiOptions = {} }: { clock?: Clock; ai?: Parameters<typeof testAi>[0] | object } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-workspace-'))
  await chmod(dataDir, 0o711)
  Object.assign(env(), { MAESTRO_DATA_DIR: dataDir })
  const database = await testDatabase({ maxConnections: 12 })
  const api = await startMessagesApi(says([{ text: ['Hello', ' there.'] }]))
  const { ai, stop: stopAi } = await testAi({ baseUrl: api.url, ...aiOptions })
  const hub = await openPostgresHub(database.url)
  register({ hub, ai, live: makeLive(), objects: fileObjectStore(join(dataDir, 'objects')), ...(clock ? { clock } : {}) })
  const world = {
    dataDir,
    database,
    api,
    startRunner,
    makePerson: async () => asActor((await makeUser()).id),
    /** An agent that is at work, with these settings. */
    async makeAgent(ownerId: ActorId, config: Partial<AgentConfig> = {}, name = 'Helper'): Promise<string> {
      const id = randomUUID()
      const whole = agentConfigSchema.parse({ model: 'claude-sonnet-5-5', ...config })
      const sealed = (await sealForPlatform(agentContext(id), Buffer.from(JSON.stringify(whole)))) as Buffer<ArrayBuffer>
      await database.db.agent.create({ data: { id, ownerId, requestId: id, name, status: 'ACTIVE', model: whole.model, sealed } })
      return id
    },
    async makeChat(actorId: ActorId, agentId: string | null = null): Promise<TestChat> {
      const { id: sessionId } = await createChat(actorId, { requestId: randomUUID(), agentId })
      const heard: TestChat['heard'] = []
      registry('live').subscribe(sessionId, (given) => {
        const { runId, from, events } = given as ChatFrame
        events.forEach((one, at) => {
          heard.push({ runId, number: from + at, event: one })
        })
      })
      return {
        ...{ sessionId, actorId, heard },
        branch: () => branchOf(actorId, sessionId),
        async answer(runId) {
          const over = async () => (await database.db.chatRun.findUnique({ where: { id: runId } }))?.endedAt
          await until(over, { what: 'the end of the run' })
          const { messageId } = await database.db.chatRun.findUniqueOrThrow({ where: { id: runId } })
          const found = (await branchOf(actorId, sessionId, messageId)).at(-1)
          if (!found) throw new Error('the answer is gone')
          return found
        },
      }
    },
    async stop() {
      await stopAi()
      await api.stop()
      await hub.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
  return world
}
export type WorkspaceWorld = Awaited<ReturnType<typeof workspaceWorld>>
