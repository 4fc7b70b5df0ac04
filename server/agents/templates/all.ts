import { type AgentTemplate, templateKeys } from '../schema.ts'
import { building } from './building.ts'
import { planning, reviewing } from './planning.ts'

const known = [...planning, ...building, ...reviewing]

/** Every template, in the order in which they are offered. */
export const templates: readonly AgentTemplate[] = templateKeys.flatMap((key) => known.find((one) => one.key === key) ?? [])
