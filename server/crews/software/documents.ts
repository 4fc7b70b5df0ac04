import type { z } from 'zod'
import { architectureText, numberCriteria, operationsText, specificationText, tasksText } from '../rules.ts'
import { architectureSchema, operationsSchema, specificationSchema, tasksSchema } from '../schema.ts'
import { architect } from './architect.ts'
import { askForDocument } from './conversation.ts'
import { devops } from './devops.ts'
import { handedOver, handOver, issueBlock } from './handover.ts'
import { clientFor } from './model.ts'
import { type Steps, stage } from './stage.ts'
import { stages } from './stages.ts'
import { strategist } from './strategist.ts'
import type { Block, Ended, RolePart, Run } from './types.ts'

/** Asks one role for one document, as a step of its own. */
function ask<T extends z.ZodType>(
  run: Run,
  step: Steps,
  part: RolePart,
  name: string,
  schema: T,
  blocks: readonly Block[],
): Promise<z.infer<T>> {
  return step('ask', name, (context) => askForDocument(clientFor(run, part.role, context), part, blocks, schema, context))
}

/** Stage 1: the issue becomes a specification with numbered criteria. */
export function specify(run: Run): Promise<Ended<null>> {
  return stage(run, stages.specification, async (step) => {
    const raw = await ask(run, step, strategist, 'Write the specification', specificationSchema, [await issueBlock(run)])
    const specification = { ...raw, criteria: numberCriteria(raw.criteria) }
    await handOver(run, stages.specification.key, 'specification', specification, specificationText(specification))
    return null
  })
}

/** Stage 2: the specification becomes an architecture. */
export function design(run: Run): Promise<Ended<null>> {
  return stage(run, stages.architecture, async (step) => {
    const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
    const architecture = await ask(run, step, architect, 'Design the architecture', architectureSchema, blocks)
    await handOver(run, stages.architecture.key, 'architecture', architecture, architectureText(architecture))
    return null
  })
}

/** Stage 3: the work is split between the two developers. */
export function split(run: Run): Promise<Ended<null>> {
  return stage(run, stages.tasks, async (step) => {
    const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
    blocks.push(['architecture', await handedOver(run, 'architecture', architectureSchema)])
    const tasks = await ask(run, step, architect, 'Split the work', tasksSchema, blocks)
    await handOver(run, stages.tasks.key, 'tasks', tasks, tasksText(tasks))
    return null
  })
}

/** Part of the deployment: how the app is run and watched. */
export async function describeOperations(run: Run, step: Steps) {
  const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
  const operations = await ask(run, step, devops, 'Write the run description', operationsSchema, blocks)
  await handOver(run, stages.deployment.key, 'operations', operations, operationsText(operations))
  return operations
}
