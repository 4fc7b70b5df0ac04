import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { type Bench, bench } from '@/server/embedded/executor/fixture.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { until } from '@/server/testing/until.ts'
import { closeMail, sendLetter } from './service.ts'

let database: TestDatabase
let runs: Bench
const server = { refusals: 0, code: 451, taken: [] as string[] }
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
  onRcptTo: (_address, _session, done) => {
    const refused = server.refusals-- > 0
    done(refused ? Object.assign(new Error('not now'), { responseCode: server.code }) : null)
  },
  onData: (stream, session, done) => {
    stream.resume().on('end', () => {
      server.taken.push(session.envelope.rcptTo[0]?.address ?? '')
      done(null, 'taken')
    })
  },
})
beforeAll(async () => {
  database = await testDatabase()
  const port = await new Promise<number>((resolve) => {
    const listening = smtp.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port))
  })
  register({ mail: { url: `smtp://127.0.0.1:${port}`, from: 'maestro@localhost' } })
  const letter = { name: 'betaReceipt' as const, values: { name: 'Ada' } }
  runs = await bench(database.pool, (client) => [
    client.createFunction({ id: 'letter', retries: 4, triggers: [{ event: 'test.letter' }] }, ({ event, step }) =>
      step.run('send', () => sendLetter({ key: event.data.key, to: event.data.to, locale: 'en', letter })),
    ),
  ])
})
afterAll(async () => {
  await runs?.executor.stop(1_000)
  closeMail()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  await database?.drop()
})

/** Has the executor send a mail, and gives its row once `status` stands there. */
async function sent(status: string) {
  const key = randomUUID()
  const to = `${key}@maestro.localhost`
  await runs.send({ name: 'test.letter', data: { key, to } })
  const row = await until(async () => {
    const found = await database.db.mail.findUnique({ where: { key } })
    return found?.status === status && found
  })
  await until(async () => (await runs.runs('letter')).every((run) => run.status !== 'running'))
  return { row, taken: server.taken.filter((address) => address === to).length }
}

test('what the server takes later is sent by the executor’s next attempt, once', async () => {
  server.refusals = 2
  const { row, taken } = await sent('SENT')
  expect([row.attempts, taken]).toEqual([3, 1])
})

test('what the server will never take is tried once', async () => {
  Object.assign(server, { refusals: 100, code: 550 })
  const { row, taken } = await sent('FAILED')
  expect([row.attempts, row.reason, taken]).toEqual([1, '550 not now', 0])
  server.refusals = 0
})
