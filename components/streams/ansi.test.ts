import { describe, expect, it } from 'vitest'
import { ansiSpans, columnsOf, longestShown, plainText, visibleText } from './ansi.ts'

const esc = '\u001b'

describe('a line of a console', () => {
  it('keeps its colours as classes', () => {
    expect(ansiSpans(`ok ${esc}[32mgreen${esc}[0m end`)).toEqual([
      { text: 'ok ', className: '' },
      { text: 'green', className: 'ansi-green' },
      { text: ' end', className: '' },
    ])
    expect(ansiSpans(`${esc}[1;41mx`)).toEqual([{ text: 'x', className: 'font-semibold on-ansi-red' }])
  })
  it('keeps 24-bit colours', () => expect(ansiSpans(`${esc}[38;2;1;2;3mx`)[0]).toMatchObject({ text: 'x', color: 'rgb(1, 2, 3)' }))
  it('knows the 256 colours', () =>
    expect(ansiSpans(`${esc}[38;5;208mx${esc}[48;5;244my`)).toMatchObject([
      { color: 'rgb(255,135,0)' },
      { background: 'rgb(128,128,128)' },
    ]))
  it('shows what a terminal would after carriage returns', () => {
    expect(plainText('10%\r50%\r100%')).toBe('100%')
    expect(plainText('done\r')).toBe('done')
  })
  it('leaves out links, cursor movements and control characters', () => {
    expect(plainText(`${esc}]8;;https://x.test${esc}\\link${esc}]8;;${esc}\\${esc}[2K${esc}[1Aup\u0000`)).toBe('linkup')
  })
  it('never becomes markup', () => expect(plainText('<b>&amp;</b>')).toBe('<b>&amp;</b>'))
  it('is cut where it is endless', () => expect(visibleText('x'.repeat(longestShown * 3))).toHaveLength(longestShown))
  it('may be empty', () => expect(ansiSpans('')).toEqual([]))
})

it('counts wide characters twice', () => {
  expect(columnsOf('abc')).toBe(3)
  expect(columnsOf('빌드 ok')).toBe(7)
})
