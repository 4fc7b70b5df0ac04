import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { logger } from '@/server/core/logger.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { type TestMail, testMail } from '@/server/testing/mail.ts'
import { type LetterRequest, mailListInput } from './schema.ts'
import { checkMailable, closeMail, listMails, listOutbox, readMail, sendLetter, sweepMails } from './service.ts'

let database: TestDatabase
let mail: TestMail
beforeAll(async () => {
  database = await testDatabase({ maxConnections: 30 })
})
afterAll(() => database?.drop())
beforeEach(async () => {
  mail = await testMail()
})
afterEach(async () => {
  register({ clock: systemClock })
  await mail.stop()
})

let count = 0
const someone = () => `someone${++count}@maestro.localhost`
const receipt = (over: Partial<LetterRequest> = {}): LetterRequest => ({
  key: randomUUID(),
  to: someone(),
  locale: 'en',
  letter: { name: 'betaReceipt', values: { name: 'Ada' } },
  ...over,
})
const row = (key: string) => database.db.mail.findUniqueOrThrow({ where: { key } })
const headersOf = (raw: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')

/** Lets mail go to a server that answers as the test wants. */
async function answering(options: SMTPServerOptions, credentials = '') {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false, ...options })
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port))
  })
  const before = registry('mail')
  register({ mail: { ...before, url: `smtp://${credentials}127.0.0.1:${port}` } })
  return async () => {
    register({ mail: before })
    closeMail()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
const answer = (responseCode: number, words = 'no') => Object.assign(new Error(words), { responseCode })

test('a letter arrives as text and page in the receiver’s language, and is marked as sent', async () => {
  const request = receipt({ locale: 'ko' })
  expect(await sendLetter(request)).toBe('sent')
  const [got, ...more] = await mail.to(request.to)
  expect(more).toEqual([])
  expect(got?.subject).toBe('Maestro 베타 신청을 접수했습니다')
  expect(got?.text).toContain('Ada 님, 안녕하세요.')
  expect(got?.html).toContain('<html lang="ko"')
  const headers = headersOf(got?.raw ?? '')
  expect(headers).toContain('Auto-Submitted: auto-generated')
  expect(headers).toContain(`To: ${request.to}`)
  expect(headers).toContain('From: Maestro <maestro@localhost>')
  expect(await row(request.key)).toMatchObject({ status: 'SENT', letter: 'betaReceipt', locale: 'ko', attempts: 1, reason: null })
})

test('one key is one mail, however often and at once it is asked for', async () => {
  const request = receipt()
  const ends = await Promise.all(Array.from({ length: 20 }, () => sendLetter(request)))
  expect(ends.filter((end) => end === 'sent')).toHaveLength(1)
  expect(ends.filter((end) => end === 'already')).toHaveLength(19)
  expect(await sendLetter(request)).toBe('already')
  expect(await mail.to(request.to)).toHaveLength(1)
  expect((await row(request.key)).attempts).toBe(1)
})

test('a mail that was handed in but not marked is handed in again under the same Message-ID', async () => {
  const request = receipt()
  await sendLetter(request)
  await database.db.mail.update({ where: { key: request.key }, data: { status: 'QUEUED', claimedUntil: new Date(Date.now() + 400) } })
  // The one before may still be at it: its claim is waited for.
  expect(await sendLetter(request)).toBe('sent')
  expect(await row(request.key)).toMatchObject({ status: 'SENT', attempts: 2 })
  expect(await mail.to(request.to)).toHaveLength(1)
})

test('a server that will take it later is asked again; whoever waited is told so, too', async () => {
  let refusals = 3
  const end = await answering({ onRcptTo: (_to, _session, done) => done(refusals-- > 0 ? answer(451, 'greylisted') : null) })
  try {
    const request = receipt()
    for (let attempt = 1; attempt <= 3; attempt++) {
      await expect(sendLetter(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      expect(await row(request.key)).toMatchObject({ status: 'QUEUED', attempts: attempt, reason: '451 greylisted', claimedUntil: null })
    }
    expect(await sendLetter(request)).toBe('sent')
    expect(await row(request.key)).toMatchObject({ status: 'SENT', attempts: 4, reason: null })
  } finally {
    await end()
  }
})

test('a receiver whom the server does not know is given up at once, with its words', async () => {
  const end = await answering({ onRcptTo: (_to, _session, done) => done(answer(550, '5.1.1 no such mailbox')) })
  try {
    const request = receipt()
    expect(await sendLetter(request)).toBe('failed')
    expect(await row(request.key)).toMatchObject({ status: 'FAILED', attempts: 1 })
    expect((await row(request.key)).reason).toContain('no such mailbox')
    expect(await sendLetter(request)).toBe('failed')
    expect((await row(request.key)).attempts).toBe(1)
  } finally {
    await end()
  }
})

test('a refused sign-in is tried again, and its password stands nowhere', async () => {
  const [name, password] = ['someuser', 'hunter2-secret']
  const said: string[] = []
  const spy = vi.spyOn(logger, 'warn').mockImplementation((...words: unknown[]) => void said.push(JSON.stringify(words)))
  const end = await answering(
    { authOptional: false, onAuth: (_auth, _session, done) => done(answer(535, `bad ${password}`)) },
    `${name}:${password}@`,
  )
  try {
    const request = receipt()
    const error = await sendLetter(request).catch((refused: Error) => refused)
    expect(error).toMatchObject({ code: 'UNAVAILABLE' })
    const told = JSON.stringify([await row(request.key), said, String(error), (error as Error).stack, (error as Error).cause ?? null])
    expect(told).toContain('EAUTH 535')
    for (const secret of [password, Buffer.from(`\0${name}\0${password}`).toString('base64')]) expect(told).not.toContain(secret)
  } finally {
    spy.mockRestore()
    await end()
  }
})

test('a server that is not there is a reason to try later', async () => {
  register({ mail: { ...registry('mail'), url: 'smtp://127.0.0.1:1' } })
  const request = receipt()
  await expect(sendLetter(request)).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'mailLater' })
  expect(await row(request.key)).toMatchObject({ status: 'QUEUED', reason: 'ESOCKET' })
})

const evilNames = [
  'A\r\nBcc: victim@example.com',
  'A\nSubject: other',
  'A\u2028Bcc: victim@example.com\u0085X: y',
  '"; <victim@example.com>, "x',
  '=?utf-8?Q?=0D=0ABcc:_victim@example.com?=',
  'é'.repeat(300),
  '\ud800',
]
test.each(evilNames)('no name adds a header or a receiver: %j', async (name) => {
  const to = someone()
  const link = 'http://localhost:3000/invitations/x'
  const letter = { name: 'invitation' as const, values: { inviter: name, service: 'shop', role: 'viewer' as const, link } }
  await sendLetter(receipt({ to, letter }))
  const [got] = await mail.to(to)
  const headers = headersOf(got?.raw ?? '')
  const names = headers.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort()
  expect(names).toEqual(
    ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to', 'x-auto-response-suppress'].sort(),
  )
  expect(headers).toContain(`To: ${to}`)
  expect(got?.raw).not.toMatch(/\n(Bcc|X): |\nSubject: other/i)
  expect(got?.raw.split('\r\n').every((line) => line.length < 999)).toBe(true)
})

test.each([
  'a@example.com, b@example.com',
  '<a@example.com>',
  'a@example.com>\r\nRCPT TO:<b@example.com',
  'a@example.com\nBcc: b@example.com',
  '"a b"@example.com',
  'admin@ex\u0430mple.com',
  'admin@e\u212Aample.com',
  'ａdmin@example.com',
  'a\u202Eb@example.com',
  'a@b@example.com',
  `${'a'.repeat(300)}@example.com`,
  'a@example',
  '',
])('%j is no address that mail is sent to', async (to) => {
  const request = receipt({ to })
  expect(await sendLetter(request)).toBe('failed')
  expect(await row(request.key)).toMatchObject({ status: 'FAILED', reason: 'BAD_ADDRESS', attempts: 0 })
  expect(await database.db.embeddedMail.count({ where: { messageId: { contains: request.key } } })).toBe(0)
})

test('no letter leads to another site', async () => {
  const values = { name: 'Ada', approved: true, message: null, link: 'https://evil.example.com/' }
  const request = receipt({ letter: { name: 'betaDecision', values } })
  expect(await sendLetter(request)).toBe('failed')
  expect(await row(request.key)).toMatchObject({ reason: 'FOREIGN_LINK' })
  expect(await mail.to(request.to)).toEqual([])
})

test('nobody is written to without end, and whoever would cause it is told beforehand', async () => {
  const to = someone()
  await checkMailable(to)
  const ends = await Promise.all(Array.from({ length: 25 }, () => sendLetter(receipt({ to }))))
  expect(ends.filter((end) => end === 'sent')).toHaveLength(20)
  expect(await database.db.mail.count({ where: { to, status: 'FAILED', reason: 'TOO_MANY' } })).toBe(5)
  await expect(checkMailable(to.toUpperCase())).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfter: expect.any(Number) })
  await checkMailable(someone())
})

test('the sweep gives up after a day and forgets after ninety', async () => {
  const [stuck, old, sent] = [receipt(), receipt(), receipt()]
  for (const request of [old, sent]) await sendLetter(request)
  const hours = (ago: number) => new Date(Date.now() - ago * 3_600_000)
  await database.db.mail.create({
    data: { key: stuck.key, letter: 'betaReceipt', to: stuck.to, locale: 'en', createdAt: hours(25), reason: '451' },
  })
  await database.db.mail.update({ where: { key: old.key }, data: { createdAt: hours(91 * 24) } })
  await sweepMails()
  expect(await row(stuck.key)).toMatchObject({ status: 'FAILED', reason: '451' })
  expect(await database.db.mail.count({ where: { key: old.key } })).toBe(0)
  expect(await row(sent.key)).toMatchObject({ status: 'SENT' })
})

test('no list is asked for what the database cannot look for', () => {
  expect(mailListInput.safeParse({ to: 'a\0b' }).success).toBe(false)
  expect(mailListInput.safeParse({ to: 'a@b' }).success).toBe(true)
})

test('lists give pages; where a real server delivers there is no mailbox', async () => {
  await database.db.embeddedMail.deleteMany()
  const to = someone()
  for (let at = 0; at < 3; at++) await sendLetter(receipt({ to }))
  const { items, next } = await listMails({ to: to.toUpperCase() })
  expect([items.length, next]).toEqual([3, null])
  expect(await readMail(items[0]?.id ?? '')).toMatchObject({ to: [to], html: expect.stringContaining('<html') })
  await expect(readMail(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const first = await listOutbox({})
  expect(first.items).toHaveLength(50)
  const second = await listOutbox({ cursor: first.next ?? '' })
  expect(second.items.some(({ id }) => first.items.some((item) => item.id === id))).toBe(false)
  expect(first.items[0]).not.toHaveProperty('text')
  expect((await listOutbox({ status: 'FAILED' })).items.every(({ status }) => status === 'FAILED')).toBe(true)
  register({ mailbox: null })
  await expect(listMails({})).rejects.toMatchObject({ code: 'NOT_FOUND', key: 'noMailbox' })
  await expect(readMail(items[0]?.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
