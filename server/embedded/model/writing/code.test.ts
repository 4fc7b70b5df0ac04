import { expect, test } from 'vitest'
import { hole, key, literal, member, quote, remark } from './code.ts'

const evaluate = (code: string) => new Function(`return (${code})`)() as unknown

test('any text comes back as it was, out of a literal', () => {
  const texts = [
    "it's",
    '"quoted"',
    '`tick`',
    hole('process.exit(1)'),
    'back\\slash',
    'line\nfeed\r\u2028\u2029',
    '*/ //',
    '</script>',
    '이름 ✓ 😀',
    '\u0000\ud800',
    '__proto__',
    'x'.repeat(201),
  ]
  for (const text of texts) expect(evaluate(quote(text))).toBe(text)
  for (const text of texts) expect(evaluate(literal(text))).toBe(text)
  expect(evaluate(literal(texts))).toEqual(texts)
})

test('objects come back too, without what is undefined', () => {
  const value = { plain: 1, 'two words': [true, null, -0.5], nested: { "it's": 'x' } }
  expect(evaluate(literal({ ...value, gone: undefined }))).toEqual(value)
  expect(literal('x'.repeat(201))).toBe("'x'.repeat(201)")
})

test('names that cannot stand unquoted are quoted', () => {
  expect(member('record', 'title')).toBe('record.title')
  expect(member('record', 'a-b')).toBe("record['a-b']")
  expect(key('a b')).toBe("'a b'")
})

test('a remark stays one line inside its comment', () => {
  expect(remark('a */ b\n c')).toBe('a * / b c')
})
