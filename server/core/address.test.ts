import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { addressKey, isLoopback, makeArrivals } from './address.ts'

const arrive = (peer: string, headers: IncomingHttpHeaders, proxies = ['10.0.0.0/8', '2001:db8::/32'], encrypted = false) =>
  makeArrivals(proxies)({ socket: { remoteAddress: peer, encrypted }, headers } as unknown as IncomingMessage)
const https = (forwardedFor: string) => ({ 'x-forwarded-proto': 'https', 'x-forwarded-for': forwardedFor })
const addressOf = (peer: string, headers: IncomingHttpHeaders, proxies?: string[]) => {
  const arrival = arrive(peer, headers, proxies)
  return arrival.kind === 'welcome' ? arrival.address : arrival.kind
}

test.each([
  ['what stands left of the first stranger is a lie', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['proxies of ours are stepped over', '10.0.0.1', '203.0.113.9, 10.2.2.2, 10.3.3.3', '203.0.113.9'],
  ['where all are proxies the furthest is meant', '10.0.0.1', '10.2.2.2, 10.3.3.3', '10.2.2.2'],
  ['an address with a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6', '10.0.0.1', '2001:4860::1', '2001:4860::1'],
  ['IPv6 in brackets with a port', '10.0.0.1', '"[2001:4860::1]:4711"', '2001:4860::1'],
  ['IPv4 within IPv6', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['a peer of a dual-stack socket', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a proxy in IPv6', '2001:db8::7', '203.0.113.9', '203.0.113.9'],
  ['no address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['nonsense at the end', '10.0.0.1', '203.0.113.9, <script>', '10.0.0.1'],
  ['nothing', '10.0.0.1', '', '10.0.0.1'],
])('%s', (_name, peer, header, expected) => expect(addressOf(peer, https(header))).toBe(expected))

describe('nobody else is believed', () => {
  const lies = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' }
  test.each([
    ['a stranger over plain HTTP', addressOf('203.0.113.9', lies), 'refused'],
    ['one whose address only begins like the proxy’s', addressOf('11.0.0.1', lies), 'refused'],
    ['a stranger where there is no proxy', addressOf('203.0.113.9', lies, []), 'refused'],
    ['somebody on this machine', addressOf('127.0.0.1', { ...lies, 'x-forwarded-for': '9.9.9.9' }), '127.0.0.1'],
    ['a connection that is gone', addressOf('', lies), 'refused'],
  ])('%s', (_name, address, expected) => expect(address).toBe(expected))
  test('a stranger over TLS is who the connection says', () => {
    expect(arrive('203.0.113.9', lies, [], true)).toEqual({ kind: 'welcome', address: '203.0.113.9', protocol: 'https' })
  })
})

test('the proxy’s own last word says how it was spoken to', () => {
  const kind = (proto: string) => arrive('10.0.0.1', { 'x-forwarded-proto': proto }).kind
  expect(['https', 'HTTPS', 'wss', 'http, https'].map(kind)).toEqual(Array(4).fill('welcome'))
  expect(['http', 'ws', 'https, http', '', 'https://'].map(kind)).toEqual(Array(5).fill('plain'))
  // Without the header neither can be known, also where the proxy itself came over TLS on somebody's behalf.
  expect(arrive('10.0.0.1', {}).kind).toBe('refused')
  expect(arrive('10.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, undefined, true).kind).toBe('refused')
})

test('loopback', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true])
  expect(['128.0.0.1', '127.0.0.1.evil.test', '127.1', '::2', ''].map(isLoopback)).toEqual([false, false, false, false, false])
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0000:1::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['nonsense', 'nonsense'],
])('%s is counted as %s', (address, key) => expect(addressKey(address)).toBe(key))
