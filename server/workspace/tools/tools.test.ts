import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { directoryOf, packFiles } from '@/server/files/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { plainConfig } from '../rules.ts'
import { commandTool } from './command.ts'
import { fileTools } from './files.ts'
import type { ToolContext } from './types.ts'

let database: TestDatabase
const outside = mkdtempSync(join(tmpdir(), 'outside-'))

beforeAll(async () => {
  database = await testDatabase()
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'tools-'))
  chmodSync(env().MAESTRO_DATA_DIR, 0o711)
})
afterAll(async () => {
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  rmSync(outside, { recursive: true, force: true })
  await database.drop()
})

async function makeContext(over: Partial<ToolContext> = {}): Promise<ToolContext & { printed: () => string }> {
  const actorId = await asActor((await makeUser()).id)
  const spaceId = await spaceForActor(actorId)
  const { id: sessionId } = await db().chatSession.create({ data: { ownerId: actorId, spaceId, requestId: randomUUID() } })
  const directory = await directoryOf(spaceId, sessionId)
  let printed = ''
  return {
    ...{ actorId, spaceId, sessionId, directory, runId: randomUUID(), agentId: null, config: plainConfig },
    ...{ denyPaths: ['private/**'], signal: new AbortController().signal, printed: () => printed },
    print: (text) => {
      printed += text
    },
    ...over,
  }
}

function call(name: string, input: unknown, context: ToolContext) {
  const tool = [...fileTools, commandTool].find((one) => one.name === name)
  if (!tool) throw new Error(name)
  return tool.run(tool.input.parse(input), context)
}

test('an agent writes, edits, reads, finds and deletes, and hears what it got wrong', async () => {
  const context = await makeContext()
  const made = await call('write_file', { path: '/workspace/src/a.js', content: 'let a = 1\nlet b = 2\n' }, context)
  expect(made).toMatchObject({ changed: [{ path: 'src/a.js', kind: 'added' }] })
  expect((await call('edit_file', { path: 'src/a.js', old: 'let', new: 'const' }, context)).output).toMatch('2 times')
  expect(await call('edit_file', { path: './src/a.js', old: 'let', new: 'const', all: true }, context)).not.toHaveProperty('isError')
  expect((await call('read_file', { path: 'src/a.js', from: 2 }, context)).output).toBe('     2\tconst b = 2')
  expect((await call('search_files', { pattern: 'B =', ignoreCase: true }, context)).output).toBe('src/a.js:2: const b = 2')
  writeFileSync(join(context.directory, '.env'), 'TOKEN=abc')
  expect((await call('list_files', {}, context)).output).toBe('src/\nsrc/a.js (24 B)\n[1 more are on the deny-list and are not shown.]')
  for (const path of ['.env', '../../x', '/etc/passwd', 'private/x', 'src', 'none'])
    expect(await call('read_file', { path }, context), path).toMatchObject({ isError: true })
  expect(await call('delete_file', { path: 'src' }, context)).toMatchObject({ isError: true })
  expect(await call('delete_file', { path: 'src/a.js' }, context)).toMatchObject({ changed: [{ path: 'src/a.js', kind: 'deleted' }] })
})

test('a command works in the folder and nowhere else', async () => {
  const context = await makeContext()
  writeFileSync(join(context.directory, '.env'), 'TOKEN=abc')
  writeFileSync(join(outside, 'secret'), 'not yours')
  const result = await call('run_command', { command: 'echo hi > out.txt; pwd; cat .env 2>/dev/null; exit 3' }, context)
  expect(result).toEqual({ output: '/workspace\nExit code 3.', isError: true, changed: [{ path: 'out.txt', kind: 'added' }] })
  expect(context.printed()).toBe('/workspace\n')
  const escaping = `cat ${outside}/secret; echo x > ${outside}/mine; mv .env b; rm -f .env; cat b .env; ls -a ..; (echo > /dev/tcp/127.0.0.1/80) 2>&1; mount -t tmpfs x /usr; chmod u+s out.txt`
  const tried = await call('run_command', { command: escaping }, context)
  expect(tried.output).not.toMatch('not yours')
  expect(tried.output).not.toMatch('TOKEN')
  expect(existsSync(join(outside, 'mine'))).toBe(false)
  expect(readFileSync(join(context.directory, '.env'), 'utf8')).toBe('TOKEN=abc')
})

test('a command that floods, hangs, is stopped or fills the quota is ended', async () => {
  const context = await makeContext()
  const flood = await call('run_command', { command: 'yes 0123456789' }, context)
  expect(flood.output).toMatch('printed too much')
  expect(flood.output.length).toBeLessThan(41_000)
  expect((await call('run_command', { command: 'sleep 60 & sleep 60', timeoutSeconds: 1 }, context)).output).toBe(
    'It was ended: it ran out of time.',
  )
  const stop = new AbortController()
  const stopped = await makeContext({ signal: stop.signal })
  const running = call('run_command', { command: 'echo on; sleep 60' }, stopped)
  await until(async () => stopped.printed().includes('on'))
  expect(await packFiles(stopped.spaceId, stopped.sessionId)).toBe(false)
  stop.abort()
  expect((await running).output).toBe('on\nIt was ended before it was done.')
  const limit = env().MAESTRO_CHAT_DISK_MB
  env().MAESTRO_CHAT_DISK_MB = 2
  try {
    const filling = 'i=0; while :; do head -c 1000000 /dev/zero > f$i; i=$((i+1)); sleep 0.1; done'
    expect((await call('run_command', { command: filling }, context)).output).toMatch('disk quota')
    expect(await call('write_file', { path: 'more', content: 'x' }, context)).toMatchObject({ isError: true })
    expect((await call('run_command', { command: 'rm f*' }, context)).output).toBe('Exit code 0.')
    // Files without a name, which no look at the folder finds.
    const hiding = 'for i in 3 4 5 6 7; do eval "exec $i>f$i"; head -c 900000 /dev/zero >&$i; rm f$i; done; sleep 50'
    expect((await call('run_command', { command: hiding }, context)).output).toMatch('disk quota')
    expect(await call('write_file', { path: 'more', content: 'x' }, context)).not.toHaveProperty('isError')
  } finally {
    env().MAESTRO_CHAT_DISK_MB = limit
  }
})
