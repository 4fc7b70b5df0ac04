import { describe, expect, it } from 'vitest'
import { splitBlocks } from './blocks.ts'
import { mayHaveFormulas, tidyFormulas } from './formulas.ts'
import { drawable } from './intricate.ts'
import { safeText } from './safe-text.ts'

const kinds = (text: string) =>
  splitBlocks(text).map((block) => (block.kind === 'code' ? `code ${block.language}: ${block.text}` : block.text))

describe('blocks', () => {
  it('splits paragraphs, keeps lists and what is indented together', () => {
    expect(kinds('a\n\nb\nc\n\n- x\n\n- y\n\n  more\n\nd')).toEqual(['a', 'b\nc', '- x\n\n- y\n\n  more', 'd'])
  })
  it('keeps code by itself, with what looks like Markdown in it', () => {
    expect(kinds('a\n```ts title="x"\n# no\n\n~~~\n```\nb')).toEqual(['a', 'code ts: # no\n\n~~~', 'b'])
    expect(splitBlocks('```js\nlet a')).toEqual([{ kind: 'code', text: 'let a', language: 'js', closed: false }])
    expect(kinds('````\n```\n````')).toEqual(['code : ```'])
    expect(kinds('- a\n\n  ```js\n  b\n  ```')).toEqual(['- a\n\n  ```js\n  b\n  ```'])
  })
  it('keeps a formula of several lines whole', () => {
    expect(kinds('a\n\n$$\nx\n\ny\n$$\n\nb')).toEqual(['a', '$$\nx\n\ny\n$$', 'b'])
  })
  it('leaves a text whole whose pieces need each other', () => {
    expect(splitBlocks('a [b]\n\nc[^1]\n\n[b]: https://x.example\n[^1]: note')).toHaveLength(1)
  })
  it('only ever changes the last block while a text grows', () => {
    const text = '# T\n\none\ntwo\n\n- a\n- b\n\n```ts\nlet x = 1\n\nlet y\n```\n\n| a |\n|---|\n| 1 |\n\nend'
    for (let length = 1; length < text.length; length++) {
      const before = splitBlocks(text.slice(0, length))
      const after = splitBlocks(text.slice(0, length + 1))
      expect(after.slice(0, Math.max(0, before.length - 2))).toEqual(before.slice(0, Math.max(0, before.length - 2)))
    }
  })
})

describe('formulas', () => {
  it('tells money from formulas', () => {
    expect(tidyFormulas('from $5 to $10')).toBe('from \\$5 to \\$10')
    expect(tidyFormulas('is $a+b$ and `$x$`')).toBe('is $a+b$ and `$x$`')
    expect(tidyFormulas('costs $5, $x^2$ is')).toBe('costs \\$5, $x^2$ is')
  })
  it('knows the other way to write them', () => {
    expect(tidyFormulas('\\( x \\) and \\[ y \\]')).toBe('$x$ and $$ y $$')
  })
})

it('shows what would turn or colour a text, and obeys none of it', () => {
  expect(safeText('a\u202eb\u001b[31mred\u001b]8;;https://x\u0007link\u0000\r\nc')).toBe('a[U+202E]bredlink\nc')
  expect(safeText('그대로\t\n')).toBe('그대로\t\n')
})

it('draws nothing that was made to keep a page busy, and all that people write', () => {
  const markdown = (text: string) => [{ kind: 'markdown' as const, text }]
  for (const text of ['*a_'.repeat(7_000), '- '.repeat(3_000), '> '.repeat(3_000), '![a]('.repeat(5_000), 'www.a '.repeat(9_000)])
    expect(drawable(markdown(text))).toEqual([false])
  expect(drawable(Array.from({ length: 50 }, () => markdown('*a*b '.repeat(300))).flat())).toContain(false)
  const rows = '| **a** | `b` | [c](https://x.example) | 1.5 |\n'.repeat(200)
  const list = '- one *two* `three` snake_case_name\n  - four\n    1. five\n'.repeat(150)
  expect(drawable([...markdown(rows), ...markdown(list), ...markdown('word '.repeat(40_000))])).toEqual([true, true, true])
  expect(mayHaveFormulas('\\['.repeat(20_000))).toBe(false)
  // What is kept of one time to the next changes nothing but the time it takes.
  const known: { text: string; cost: number }[] = []
  expect(drawable([...markdown('a'), ...markdown('*a_'.repeat(10))], known)).toEqual([true, true])
  expect(drawable([...markdown('a'), ...markdown('*a_'.repeat(7_000))], known)).toEqual([true, false])
})
