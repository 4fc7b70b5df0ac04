import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readIssue } from './read-issue.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join(folder, path))
}

/** A sample's title, the sentences of its body, and the names of its things. */
function wordsOf(file: string): string[] {
  const { issue } = JSON.parse(readFileSync(join(root, 'public/samples', file), 'utf8')) as { issue: { title: string; body: string } }
  const lines = issue.body.split('\n').map((line) => line.replace(/^[-*\d. [\]#]+/, '').trim())
  const things = readIssue(issue).entities.flatMap(({ name, plural, label, labelPlural }) => [name, plural, label, labelPlural])
  return [issue.title, ...lines.filter((line) => line.length > 20), ...things]
}

it('knows no word of a sample: neither the model nor the crew has any of it in its source', () => {
  const words = [
    ...new Set(
      readdirSync(join(root, 'public/samples'))
        .filter((file) => file.endsWith('.json'))
        .flatMap(wordsOf),
    ),
  ]
  expect(words.length).toBeGreaterThan(20)
  const found = ['server/embedded', 'server/crews'].flatMap(sources).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8').toLowerCase()
    const holds = (word: string): boolean => {
      const wanted = word.toLowerCase()
      return /^[a-z]+$/.test(wanted) ? new RegExp(`\\b${wanted}\\b`).test(text) : text.includes(wanted)
    }
    return words.filter(holds).map((word) => `${path}: ${word}`)
  })
  expect(found).toEqual([])
})
