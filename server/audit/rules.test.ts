import { describe, expect, it } from 'vitest'
import { csvCell, csvHead, csvRow, isId, literal } from './rules.ts'

describe('a cell', () => {
  it.each([
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['+1+1', `"'+1+1"`],
    ['-2+3', `"'-2+3"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['  =1', `"'  =1"`],
    ['\n@x', `"'\n@x"`],
    // Spreadsheets of East Asia read the wide signs as these.
    ['＝1+1', `"'＝1+1"`],
  ])('that a spreadsheet would run is text: %j', (typed, cell) => {
    expect(csvCell(typed)).toBe(cell)
  })

  it('that is plain stays as it is', () => {
    expect(['', 'jo@example.com', '김하늘', 'a=b', '1-2'].map(csvCell)).toEqual(['', 'jo@example.com', '김하늘', 'a=b', '1-2'])
  })

  it('holds commas, quotes and lines', () => {
    expect(csvCell('a,b')).toBe('"a,b"')
    expect(csvCell('say "hi"\nagain')).toBe('"say ""hi""\nagain"')
  })
})

it('an entry is one line with as many cells as the head', () => {
  const entry = {
    ...{ id: 'i', at: '2026-11-21T00:00:00.000Z', action: 'user.suspended', actor: { id: null, email: 'system' } },
    target: { type: 'user', id: 't', label: '=cmd|calc' },
    ...{ details: { reason: 'spam' }, address: null, userAgent: '-x', requestId: 'r' },
  }
  expect(csvHead).toBe('\ufefftime,action,actor,actor_id,target_type,target,target_id,details,address,user_agent,request_id,id\r\n')
  expect(csvRow(entry)).toBe(`2026-11-21T00:00:00.000Z,user.suspended,system,,user,"'=cmd|calc",t,"{""reason"":""spam""}",,"'-x",r,i\r\n`)
})

it('a search means what was typed', () => {
  expect(literal('100%_\\')).toBe('100\\%\\_\\\\')
  expect(isId('01968d5e-3c5a-7000-8000-000000000000')).toBe(true)
  expect(isId('jo@example.com')).toBe(false)
})
