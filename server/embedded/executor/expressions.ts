import { parse } from '@marcbachmann/cel-js'

type Scope = { event: unknown; async?: unknown }
type Compiled = ReturnType<typeof parse>

const compiled = new Map<string, Compiled>()

/**
 * Reads a CEL expression once and keeps it.
 * @throws Error when it is not CEL.
 */
export function compile(expression: string): Compiled {
  let program = compiled.get(expression)
  if (!program) {
    program = parse(expression)
    compiled.set(expression, program)
  }
  return program
}

/** The value of an expression, or undefined where it names what the event does not have. */
export function evaluate(expression: string, scope: Scope): unknown {
  try {
    return compile(expression)(scope as never)
  } catch {
    return undefined
  }
}

/** True where there is no expression or it holds; one that cannot be evaluated does not hold. */
export const holds = (expression: string | undefined, scope: Scope): boolean => !expression || evaluate(expression, scope) === true

/** A value as part of a key: equal values give equal text. */
export function keyText(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part) => (typeof part === 'bigint' ? Number(part) : part))
}
