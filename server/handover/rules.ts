import { z } from 'zod'

/** What a project's package.json tells about how it is built. */
export interface Recipe {
  install: boolean
  locked: boolean
  build: boolean
  test: boolean
  start: boolean
  /** There is no package.json, but a page to begin with: the files themselves are what is served. */
  pages: boolean
}

/** How files are built that are pages alone. */
export const pagesRecipe: Recipe = { install: false, locked: false, build: false, test: false, start: true, pages: true }

const packageSchema = z.object({
  scripts: z.record(z.string(), z.unknown()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
})

/** How files are built, from their package.json; null where that is none. */
export function recipeOf(text: string, locked: boolean): Recipe | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = packageSchema.safeParse(json)
  if (!parsed.success) return null
  const { scripts, dependencies, devDependencies } = parsed.data
  const has = (name: string) => typeof scripts[name] === 'string' && scripts[name].trim() !== ''
  return {
    install: Object.keys(dependencies).length + Object.keys(devDependencies).length > 0,
    locked,
    build: has('build'),
    // What npm writes where there are no tests is none.
    test: has('test') && !/no test specified/.test(String(scripts.test)),
    start: has('start'),
    pages: false,
  }
}

/** What stands as the issue of a project that was made of files. */
export function issueText(paths: readonly string[]): string {
  const shown = paths.slice(0, 200).map((path) => `- ${path.replace(/[\r\n`]/g, '?')}`)
  const more = paths.length > shown.length ? [`- and ${paths.length - shown.length} more`] : []
  return ['This project was made of the files of a conversation:', '', ...shown, ...more, ''].join('\n')
}
