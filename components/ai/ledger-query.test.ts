import { expect, it } from 'vitest'
import { emptyView, ledgerFile, ledgerFilter, ledgerView } from './ledger-query.ts'

it('an address says what is shown; what it gets wrong is as if it were not there', () => {
  const good = { since: '2026-04-01', purpose: 'architect', build: '7', outcome: 'failed', found: 'withheld', person: 'ada' }
  expect(ledgerView(good)).toEqual({ ...emptyView, ...good })
  const bad = { since: '2026-99-99', until: ['x'], build: '0', outcome: 'maybe', found: 'all', model: 1, person: 'a\0b' }
  expect(ledgerView(bad)).toEqual({ ...emptyView, person: 'ab' })
})

it('the last day belongs to what is asked for', () => {
  const view = { ...emptyView, since: '2026-04-01', until: '2026-04-01', build: '7', person: ' ' }
  expect(ledgerFilter(view, false)).toMatchObject({
    ...{ since: '2026-04-01T00:00:00.000Z', until: '2026-04-02T00:00:00.000Z', build: 7, person: undefined },
  })
})

it('the download has the filters of the page; the service of a project stands in its path', () => {
  const filter = ledgerFilter({ ...emptyView, build: '7', service: 'notes', purpose: 'a&b' }, false)
  expect(ledgerFile('mine', filter)).toBe('/api/ledger/mine?purpose=a%26b&build=7')
  expect(ledgerFile(null, filter)).toBe('/api/ledger?purpose=a%26b&build=7&service=notes')
  expect(ledgerFile('mine', {})).toBe('/api/ledger/mine')
})
