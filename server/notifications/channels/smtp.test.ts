import { expect, test } from 'vitest'
import { senderOf, smtpOptions } from './smtp.ts'

test('an address names the server, and who signs in there', () => {
  expect(smtpOptions('smtp://mail.example.com')).toMatchObject({ host: 'mail.example.com', port: 587, secure: false, requireTLS: false })
  expect(smtpOptions('smtps://us%40er:p%3Ass@mail.example.com')).toMatchObject({
    port: 465,
    secure: true,
    auth: { user: 'us@er', pass: 'p:ss' },
  })
  expect(smtpOptions('smtp://[::1]:2525?ignoreTLS=true&name=here')).toMatchObject({
    host: '::1',
    port: 2525,
    ignoreTLS: true,
    name: 'here',
  })
})

test('a password goes to other machines over TLS alone, whose certificate is checked', () => {
  expect(smtpOptions('smtp://u:p@mail.example.com')).toMatchObject({ requireTLS: true, tls: { rejectUnauthorized: true } })
  expect(smtpOptions('smtp://u:p@127.0.0.1:25')).toMatchObject({ requireTLS: false })
  expect(smtpOptions('smtp://mail.example.com?requireTLS=true')).toMatchObject({ requireTLS: true })
  expect(() => smtpOptions('smtps://mail.example.com?tls.rejectUnauthorized=false')).toThrow(/SMTP_URL/)
})

test.each([
  'mail.example.com',
  'http://u:secret@mail.example.com',
  'smtp://',
  'smtp://u:%zz-secret@mail.example.com',
  'smtp://u:secret@x?y=secret',
])('%s is refused in a sentence without its secret', (url) => {
  const refused = () => smtpOptions(url)
  expect(refused).toThrow(/^SMTP_URL cannot be used: .+\.$/)
  expect(refused).not.toThrow(/secret/)
})

test('the sender is one address', () => {
  for (const good of ['maestro@example.com', 'Maestro <maestro@localhost>', '"Maestro, Inc." <m@example.com>'])
    expect(senderOf(good)).toBe(good)
  for (const bad of ['', 'Maestro', 'a@b.com, c@d.com', 'a@b.com\r\nBcc: x@y.com', 'Group: a@b.com, c@d.com;', '<>'])
    expect(() => senderOf(bad)).toThrow(/MAIL_FROM/)
})
