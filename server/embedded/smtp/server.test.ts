import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { keepMail } from './data.ts'
import { type EmbeddedSmtp, maxMessageBytes, startSmtp } from './server.ts'

const keptMails = 100
let database: TestDatabase
let smtp: EmbeddedSmtp
beforeAll(async () => {
  database = await testDatabase()
  smtp = await startSmtp({ clock: systemClock, keep: keptMails, onError: () => undefined })
})
afterAll(async () => {
  await smtp?.stop()
  await database?.drop()
})

const port = () => Number(new URL(smtp.url).port)
const mail = { from: 'a@maestro.localhost', to: 'b@maestro.localhost', subject: 'Hello', text: 'A text', html: '<p>A <b>text</b></p>' }

/** Says lines one after another and gives everything that was answered; who hangs up does not wait for the last answer. */
async function talk(lines: (string | Buffer)[], { hangUp = false } = {}): Promise<string> {
  const socket = createConnection(port(), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
    const line = lines.shift()
    if (line !== undefined) socket.write(line, () => hangUp && lines.length === 0 && socket.destroy())
    else socket.end()
  })
  await new Promise((resolve) => socket.on('close', resolve).on('error', resolve))
  return answer
}

const signIn = () => {
  const { username, password } = new URL(smtp.url)
  return `AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}\r\n`
}
const begin = () => ['EHLO here\r\n', signIn(), 'MAIL FROM:<a@maestro.localhost>\r\n', 'RCPT TO:<raw@maestro.localhost>\r\n', 'DATA\r\n']

test('what is handed in over a socket is kept and read; the same Message-ID again changes nothing', async () => {
  const transport = createTransport(smtp.url)
  await transport.sendMail({ ...mail, messageId: '<one@maestro.localhost>' })
  await transport.sendMail({ ...mail, messageId: '<one@maestro.localhost>', subject: 'Changed' })
  await transport.sendMail({ ...mail, to: ['C@Maestro.localhost', 'd@maestro.localhost'], subject: '제목 ✓' })
  const all = await smtp.mailbox.list({ limit: 10 })
  expect(all.map(({ subject }) => subject)).toEqual(['제목 ✓', 'Hello'])
  expect((await smtp.mailbox.list({ limit: 10, to: 'c@maestro.localhost' })).map(({ to }) => to)).toEqual([
    ['c@maestro.localhost', 'd@maestro.localhost'],
  ])
  expect(await smtp.mailbox.list({ limit: 10, before: all[0]?.id })).toEqual(all.slice(1))
  expect(await smtp.mailbox.list({ limit: 10, to: 'd@maestro', before: all[0]?.id })).toEqual([])
  expect((await smtp.mailbox.list({ limit: 10, to: '@maestro' })).length).toBe(2)
  expect(await smtp.mailbox.list({ limit: 10, to: '%' })).toEqual([])
  const read = await smtp.mailbox.get(all[1]?.id ?? '')
  expect(read).toMatchObject({ from: mail.from, to: [mail.to], subject: 'Hello' })
  expect([read?.text.trim(), read?.html?.trim()]).toEqual([mail.text, mail.html])
  expect(await smtp.mailbox.get('00000000-0000-7000-8000-000000000000')).toBeNull()
})

test('nothing is taken without the password of this start', async () => {
  const open = smtp.url.replace(/\/\/.*@/, '//')
  await expect(createTransport(open).sendMail(mail)).rejects.toMatchObject({ responseCode: 530 })
  const wrong = smtp.url.replace(/:[^:@]+@/, ':wrong@')
  await expect(createTransport(wrong).sendMail(mail)).rejects.toMatchObject({ responseCode: 535 })
})

test('it listens on loopback alone', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4')
  if (!outside) return
  const refused = new Promise((resolve) =>
    createConnection(port(), outside.address)
      .on('error', resolve)
      .on('connect', () => resolve(null)),
  )
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
})

test('a message beyond the bound is refused and not kept, whatever length it claims', async () => {
  const text = 'x'.repeat(maxMessageBytes)
  await expect(createTransport(smtp.url).sendMail({ ...mail, to: 'long@maestro.localhost', text })).rejects.toThrow()
  const body = Buffer.from(`Subject: long\r\n\r\n${`${'y'.repeat(998)}\r\n`.repeat(1_100)}.\r\n`)
  expect(await talk([...begin(), body])).toContain('\r\n552 ')
  for (const to of ['long@maestro.localhost', 'raw@maestro.localhost']) expect(await smtp.mailbox.list({ limit: 1, to })).toEqual([])
})

test('garbage is refused or kept as it is, and the server goes on', async () => {
  await talk([Buffer.from([0, 255, 13, 10, 0, 1]), 'GET / HTTP/1.1\r\n', 'X'.repeat(100_000)], { hangUp: true })
  const bad = Buffer.concat([
    Buffer.from('Subject: =?utf-8?B?////?=\0\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n'),
    Buffer.from([0, 255, 254, 0xed, 0xa0, 0x80]),
    Buffer.from('\r\n.\r\n'),
  ])
  expect(await talk([...begin(), bad])).toContain('\r\n250 ')
  const deep = Array.from({ length: 60 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')
  expect(await talk([...begin(), `${deep}end\r\n.\r\n`])).toContain('\r\n250 ')
  // A client that goes away in the middle leaves nothing behind.
  const before = (await smtp.mailbox.list({ limit: 100 })).length
  await talk([...begin(), 'Subject: half\r\n\r\nhalf a'], { hangUp: true })
  await createTransport(smtp.url).sendMail({ ...mail, to: 'after@maestro.localhost' })
  expect((await smtp.mailbox.list({ limit: 100 })).length).toBe(before + 1)
})

test('too many receivers are refused', async () => {
  const to = Array.from({ length: 60 }, (_, at) => `many${at}@maestro.localhost`)
  const { accepted, rejected } = await createTransport(smtp.url).sendMail({ ...mail, to })
  expect([accepted.length, rejected.length]).toEqual([50, 10])
})

test('only the newest are kept', async () => {
  const one = { from: '', to: ['full@maestro.localhost'], subject: '', text: '', html: null, raw: new Uint8Array(1) }
  for (let at = 0; at < keptMails + 5; at++) await keepMail({ ...one, messageId: `full ${at}` }, new Date(), keptMails)
  const kept = (await database.db.embeddedMail.findMany({ select: { messageId: true } })).map(({ messageId }) => messageId)
  expect(kept).toHaveLength(keptMails)
  expect(kept).toContain(`full ${keptMails + 4}`)
  expect(kept).not.toContain('full 0')
})
