import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import { isStandIn, tokenOf } from './plausible.ts'
import type { Rule } from './types.ts'

type Creator = (typeof rules)[number]
type Context = Parameters<Creator['create']>[0]
type Handler = ReturnType<Creator['create']>
type Source = Parameters<NonNullable<Handler['file']>>[0]

// A text from outside must not be able to say that it is not to be looked at. The two others read whole files; keys have a rule of ours.
const left = ['filter-comments', 'gcp', 'privatekey']
const prefix = '@secretlint/secretlint-rule-'

/** What a rule said last: the secret itself, which stands in its message, is more exact than the stretch it points at. */
interface Report {
  value: string
  range: readonly [number, number]
}

const credentialsInUrl = /^[a-z+]{2,20}:\/\/[^:/\s]*:([^@/\s]+)@/i

/** Some rules point at a whole address or the rest of a line; what is secret in it is this. */
function narrowed(id: string, value: string): string {
  if (id === 'basicauth' || id === 'database-connection-string') return credentialsInUrl.exec(value)?.[1] ?? value
  return id === 'npm' ? tokenOf(value) : value
}

function handlerOf(creator: Creator, reports: Report[]): Handler {
  const context: Context = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => {
      const said = { message: '', messageId: String(messageId), data }
      return said as ReturnType<ReturnType<Context['createTranslator']>>
    },
    report: ({ message, range }) => {
      const values = Object.values((message.data ?? {}) as Record<string, unknown>).filter((value) => typeof value === 'string')
      reports.push({ value: values.reduce((longest, value) => (value.length > longest.length ? value : longest), ''), range })
    },
    ignore: () => undefined,
  }
  return creator.create(context, {})
}

function ruleOf(creator: Creator): Rule {
  const reports: Report[] = []
  const handler = handlerOf(creator, reports)
  const id = creator.meta.id.replace(prefix, '')
  return (text, report) => {
    reports.length = 0
    // Each is asked for its own text at once: of these rules only one that reads files waits for anything, and it is not asked for files.
    const source: Source = {
      hasBOM: false,
      content: text,
      filePath: 'request.txt',
      physicalFilePath: undefined,
      contentType: 'text',
      ext: '.txt',
      getFilePath: () => undefined,
      getPhysicalFilePath: () => undefined,
      locationToRange: () => [0, 0],
      rangeToLocation: () => ({ start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }),
      positionToIndex: () => 0,
      indexToPosition: () => ({ line: 1, column: 0 }),
    }
    void handler.file?.(source)
    for (const { value, range } of reports) {
      const secret = narrowed(id, value || text.slice(range[0], range[1]))
      const start = text.indexOf(secret, range[0])
      if (secret.length < 4 || start === -1 || isStandIn(secret)) continue
      report({ start, end: start + secret.length, rule: id, strong: secret.length >= 16 })
    }
  }
}

/**
 * The rules that secretlint recommends. They are asked directly, not through its linter: that one measures each run and keeps the
 * measurements for ever, which a command line can afford and a server cannot.
 */
export const presetRules: readonly Rule[] = rules.filter((creator) => !left.includes(creator.meta.id.replace(prefix, ''))).map(ruleOf)
