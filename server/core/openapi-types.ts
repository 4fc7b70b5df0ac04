import type { JsonSchema } from './openapi-example.ts'
import type { RestRoute } from './rest-routes.ts'

interface Content {
  schema?: JsonSchema
  example?: unknown
}
export interface Body {
  description?: string
  required?: boolean
  headers?: Record<string, unknown>
  content?: Record<string, Content>
}
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema?: JsonSchema
  example?: unknown
}
/** One address and method, as far as we write or show it. */
export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: Body
  responses: Record<string, Body | { $ref: string }>
  /** Whom the gate lets in, and which scope an API token needs for it. */
  'x-access'?: RestRoute['access']
  'x-scope'?: string
}
/** An OpenAPI 3.1 document, as far as we write or show it. */
export interface ApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas?: Record<string, JsonSchema>; [kind: string]: unknown }
}
