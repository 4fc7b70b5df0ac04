import { basename } from 'node:path'
import type { RunnerEvent } from './types.ts'

// Runs inside the sandbox as node's own `--test-reporter`, bundled to one plain file. The report is one JSON line per test.

const messageLength = 2_000

function failureOf(error: { message?: string; cause?: unknown } | undefined): { failure: 'assertion' | 'other'; message: string } {
  const cause = error?.cause as { code?: string; message?: string } | string | undefined
  const message = typeof cause === 'string' ? cause : (cause?.message ?? error?.message ?? 'failed')
  const assertion = typeof cause === 'object' && cause?.code === 'ERR_ASSERTION'
  return { failure: assertion ? 'assertion' : 'other', message: message.slice(0, messageLength) }
}

function line({ type, data }: RunnerEvent): string | null {
  const isFile = data.file !== undefined && (data.name === data.file || data.name.endsWith('.test.mjs'))
  if (data.details?.type === 'suite' || (isFile && type === 'test:pass')) return null
  const match = /^\s*\[(AC-\d+)\]\s*(.*)$/s.exec(data.name)
  const skipped = data.skip !== undefined || data.todo !== undefined
  const passed = type === 'test:pass' && !skipped
  const failed = passed
    ? { failure: null, message: null }
    : skipped
      ? { failure: 'other', message: 'skipped' }
      : failureOf(data.details?.error)
  const result = {
    name: (match?.[2] ?? data.name).slice(0, 500),
    criterion: match?.[1] ?? null,
    file: basename(data.file ?? ''),
    passed,
    ...failed,
    durationMs: data.details?.duration_ms ?? 0,
  }
  return `${JSON.stringify(result)}\n`
}

/** Turns the runner's events into the report's lines. */
export default async function* report(source: AsyncIterable<RunnerEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const text = line(event)
    if (text) yield text
  }
  yield '{"end":true}\n'
}
