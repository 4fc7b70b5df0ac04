import type { HeadersLike } from './credentials.ts'
import { registry } from './registry.ts'

/** The header by which a page that is being drawn finds its record; whatever a client sends in it is dropped. */
export const drawingHeader = 'x-maestro-drawing'

interface Question {
  path: readonly string[]
  input: unknown
  /** Which question it is: layouts and pages ask some of them several times. */
  key: string
  /** What the procedure answered, as JSON. */
  answer: string
}

/** What one page was drawn from: who asked, and every question to a procedure with its answer. */
export interface Drawing {
  caller: string
  questions: Question[]
  /** True where something was asked that cannot be asked again, or that was refused. */
  spoilt: boolean
}

export const newDrawing = (): Drawing => ({ caller: '', questions: [], spoilt: false })

/** The record of the page that these headers belong to, if one is kept. */
export function drawingOf(headers: HeadersLike): Drawing | null {
  const id = headers.get(drawingHeader)
  return id === null ? null : (registry('drawings').get(id) ?? null)
}

async function note<T>(drawing: Drawing, path: readonly string[], input: unknown, reading: Promise<T>): Promise<T> {
  try {
    const value = await reading
    const [key, answer] = [JSON.stringify([path, input]), JSON.stringify(value) ?? '']
    const known = drawing.questions.find((question) => question.key === key)
    if (!known) drawing.questions.push({ path, input, key, answer })
    else if (known.answer !== answer) drawing.spoilt = true
    return value
  } catch (error) {
    drawing.spoilt = true
    throw error
  }
}

/** The same caller of procedures, whose every question is written down with its answer. */
export function writtenDown<T>(caller: T, drawing: Drawing, path: readonly string[] = []): T {
  if (typeof caller !== 'function') return caller
  return new Proxy(caller, {
    get: (of, name) => (typeof name === 'string' ? writtenDown(Reflect.get(of, name), drawing, [...path, name]) : Reflect.get(of, name)),
    apply: (of, self, [input]) => note(drawing, path, input, Promise.resolve(Reflect.apply(of, self, [input]))),
  })
}

/** Asks every question again. Whoever may no longer see an answer is refused by the procedure itself. */
export async function answersStand(drawing: Drawing, caller: unknown): Promise<boolean> {
  const ask = async ({ path, input, answer }: Question) => {
    let at = caller
    for (const name of path) at = Reflect.get(at as object, name)
    return (JSON.stringify(await (at as (input: unknown) => Promise<unknown>)(input)) ?? '') === answer
  }
  return (await Promise.all(drawing.questions.map(ask))).every(Boolean)
}
