import { expect, test } from 'vitest'
import { environmentComplaints, lengthComplaints, mintComplaints, modelComplaints, wordComplaints } from './structure/code-rules.ts'
import { importComplaints } from './structure/import-rules.ts'
import { foldersWithoutTypes, placeComplaint } from './structure/places.ts'
import { listFiles, readSource, readSources, type Source } from './structure/sources.ts'

const files = listFiles()
const sources = readSources(files)
const own = sources.filter((source) => !source.test && !source.path.startsWith('server/testing/'))

const complaints = (rule: (source: Source) => string[]) => sources.flatMap(rule).join('\n')
const share = (numbers: number[], part: number) => [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length * part) - 1] ?? 0

test('every file stands where files of its kind stand', () => {
  const found = files.flatMap((path) => placeComplaint(path)?.replace(/^/, `${path}: `) ?? [])
  expect(found.join('\n')).toBe('')
})

test('every parts folder has its types.ts', () => {
  expect(foldersWithoutTypes(files).map((folder) => `${folder} lacks types.ts, the interface its parts share`)).toEqual([])
})

test('imports go the allowed ways only', () => {
  expect(complaints(importComplaints)).toBe('')
})

test('only the gates mint branded ids', () => {
  expect(complaints(mintComplaints)).toBe('')
})

test('only core/env.ts reads the environment', () => {
  expect(complaints(environmentComplaints)).toBe('')
})

test('only the AI domain makes model clients', () => {
  expect(complaints(modelComplaints)).toBe('')
})

test('no page or component has words of its own', () => {
  expect(complaints(wordComplaints)).toBe('')
})

test('files and functions are short', () => {
  expect(complaints(lengthComplaints)).toBe('')
  const lengths = own.map((source) => source.lines)
  expect(share(lengths, 0.95), '95 % of files').toBeLessThanOrEqual(220)
  expect(share(lengths, 0.5), 'the median file').toBeLessThanOrEqual(70)
})

const complain = (rule: (source: Source) => string[], path: string, text: string) => rule(readSource(path, text)).length

test('the rules see what they are meant to see', () => {
  const imports = (path: string, target: string) => complain(importComplaints, path, `import { x } from '${target}'`)
  expect(imports('server/vault/service.ts', '@/server/builds/service.ts')).toBe(1)
  expect(imports('server/builds/service.ts', '@/server/vault/service.ts')).toBe(0)
  expect(imports('server/builds/service.ts', '@/server/vault/data.ts')).toBe(1)
  expect(imports('server/builds/rules.ts', '@/server/core/errors.ts')).toBe(1)
  expect(imports('server/builds/service.ts', '@/server/core/db.ts')).toBe(1)
  expect(imports('server/builds/service.ts', '@octokit/core')).toBe(1)
  expect(imports('server/core/errors.ts', '@/server/vault/service.ts')).toBe(1)
  expect(imports('components/builds/list.tsx', '@/server/builds/service.ts')).toBe(1)
  expect(imports('app/(main)/page.tsx', '@/server/builds/service.ts')).toBe(1)
  expect(imports('server/builds/service.ts', '@/server/embedded/model/server.ts')).toBe(1)
  expect(imports('server/builds/service.ts', '@/server/testing/until.ts')).toBe(1)
  expect(complain(mintComplaints, 'server/builds/service.ts', 'export const id = (raw: string) => raw as unknown as ProjectId')).toBe(1)
  expect(complain(environmentComplaints, 'server/builds/service.ts', 'export const port = process.env.PORT')).toBe(1)
  expect(
    complain(wordComplaints, 'components/ui/a.tsx', 'export const A = () => <p className={"big"} title="Hello">Hello {"there"}</p>'),
  ).toBe(3)
  expect(complain(lengthComplaints, 'server/builds/service.ts', `export function f() {\n${'\n'.repeat(50)}}`)).toBe(1)
  expect(placeComplaint('server/builds/helpers.ts')).not.toBeNull()
  expect(placeComplaint('utils/a.ts')).not.toBeNull()
})
