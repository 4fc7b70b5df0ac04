import { z } from 'zod'
import type { appRouter } from '@/server/router.ts'

interface Shape {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
  items?: Shape
  minItems?: number
  minLength?: number
  minimum?: number
  properties?: Record<string, Shape>
}
interface Inner {
  _def: { type: 'query' | 'mutation'; inputs: z.ZodType[] }
}

/** Every procedure by its path, with the schemas of its input. */
export const proceduresOf = (router: typeof appRouter): [path: string, inputs: z.ZodType[]][] =>
  Object.entries((router as unknown as { _def: { procedures: Record<string, Inner> } })._def.procedures).map(([path, { _def }]) => [
    path,
    _def.inputs,
  ])

/** What a property that names something may be filled with, by the property's name; null where it names nothing. */
export type Filler = (name: string, shape: Shape) => unknown

function sampleOf(name: string, shape: Shape, fill: Filler): unknown {
  const given = fill(name, shape)
  if (given !== undefined) return given
  if (shape.const !== undefined) return shape.const
  if (shape.enum) return shape.enum[0]
  const choice = shape.anyOf?.[0] ?? shape.oneOf?.[0] ?? shape.allOf?.[0]
  if (choice) return sampleOf(name, choice, fill)
  switch (Array.isArray(shape.type) ? shape.type[0] : shape.type) {
    case 'object':
      return objectOf(shape, fill)
    case 'array':
      return [sampleOf(name, shape.items ?? {}, fill)]
    case 'integer':
    case 'number':
      return shape.minimum ?? 1
    case 'boolean':
      return true
    default:
      return 'words '.repeat(Math.ceil((shape.minLength ?? 1) / 6)).trim()
  }
}

const objectOf = (shape: Shape, fill: Filler): Record<string, unknown> =>
  Object.fromEntries(Object.entries(shape.properties ?? {}).map(([name, one]) => [name, sampleOf(name, one, fill)]))

/** An input that fits the schemas as far as their JSON form tells, with every property filled by `fill` where that gives something. */
export function inputFor(schemas: z.ZodType[], fill: Filler): Record<string, unknown> {
  const shapes = schemas.map((schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape)
  return Object.assign({}, ...shapes.map((shape) => objectOf(shape, fill)))
}
