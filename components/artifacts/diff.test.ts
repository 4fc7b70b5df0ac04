import { expect, it } from 'vitest'
import { diffLines } from './diff.ts'

it('numbers the lines of each side', () => {
  const text =
    'diff --git a/src/a.js b/src/a b.js\nindex 1..2 100644\n--- a/src/a.js\n+++ b/src/a.js\n@@ -3,3 +3,3 @@ f\n same\n-old\n+new\n---x\n\\ No newline at end of file\n'
  expect(diffLines(text).map(({ kind, text: words, before, after }) => [kind, words, before, after])).toEqual([
    ['file', 'src/a b.js', null, null],
    ['meta', 'index 1..2 100644', null, null],
    ['meta', '--- a/src/a.js', null, null],
    ['meta', '+++ b/src/a.js', null, null],
    ['hunk', '@@ -3,3 +3,3 @@ f', null, null],
    ['context', 'same', 3, 3],
    ['remove', 'old', 4, null],
    ['add', 'new', null, 4],
    ['remove', '--x', 5, null],
    ['meta', '\\ No newline at end of file', null, null],
  ])
})
