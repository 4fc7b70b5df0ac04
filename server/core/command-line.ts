import { parseArgs } from 'node:util'

/** A command line that cannot be used: exit status 2. */
export class UsageError extends Error {}

type Flags = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/**
 * Reads the options of a command.
 * @throws UsageError
 */
export function parseFlags<F extends Flags>(args: string[], options: F) {
  try {
    return parseArgs({ args, options, allowPositionals: false, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`)
  }
}

/** Writes a line for a person. */
export const print = (line = '') => process.stdout.write(`${line}\n`)
