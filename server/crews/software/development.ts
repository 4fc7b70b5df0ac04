import { createHash } from 'node:crypto'
import { settingsOf } from '@/server/ai/service.ts'
import { checkOut, commitTree, diffCommits, mergeCommits, seedRepository } from '@/server/worktrees/service.ts'
import { mergeId, tasksOf } from '../rules.ts'
import { architectureSchema, failuresSchema, specificationSchema, tasksSchema } from '../schema.ts'
import { backend } from './backend.ts'
import { workOnTree } from './conversation.ts'
import { frontend } from './frontend.ts'
import { handedOver, handOver, handOverText, issueBlock } from './handover.ts'
import { scaffold } from './house.ts'
import { clientFor } from './model.ts'
import { type Steps, stage } from './stage.ts'
import type { StagePlace } from './stages.ts'
import type { Block, Ended, RolePart, Run, Verdict } from './types.ts'

const developers = { frontend, backend } as const
export type Developer = keyof typeof developers

/** Step outputs carry digests, never words. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The first commit of the build's repository; the same one whenever it is asked for. */
export const seed = (run: Run): Promise<string> => seedRepository(run.buildId, scaffold)

/** Lets a role work on a fresh tree laid out from `base`, and commits what it did; gives the commit. */
export async function workAndCommit(
  run: Run,
  step: Steps,
  part: RolePart,
  base: string,
  blocks: readonly Block[],
  name: string,
): Promise<string> {
  return step('work', name, async (context) => {
    const { denyPaths } = await settingsOf(run.projectId)
    const tree = await checkOut(run.buildId, part.role, base)
    await workOnTree(clientFor(run, part.role, context), part, blocks, tree, denyPaths, context)
    return commitTree(run.buildId, part.role, base, name)
  })
}

/**
 * One developer's stage, in a tree of its own. `failuresName` names the artifact with what the platform found red: a repair then.
 * Gives the commit.
 */
export function develop(run: Run, who: Developer, place: StagePlace, base: string, failuresName: string | null): Promise<Ended<string>> {
  const part = developers[who]
  return stage(run, place, async (step) => {
    const blocks: Block[] = [await issueBlock(run), ['specification', await handedOver(run, 'specification', specificationSchema)]]
    blocks.push(['architecture', await handedOver(run, 'architecture', architectureSchema)])
    blocks.push(['tasks', tasksOf(await handedOver(run, 'tasks', tasksSchema), `${who}-developer`)])
    if (failuresName) blocks.push(['failures', await handedOver(run, failuresName, failuresSchema)])
    return workAndCommit(run, step, part, base, blocks, failuresName ? `Mend the ${who}` : `Write the ${who}`)
  })
}

/** Conflicts go back to the developers as a failure of their own. */
async function conflictVerdict(run: Run, place: StagePlace, conflicts: readonly string[]): Promise<Verdict> {
  const message = `Both developers changed ${conflicts.join(', ')} in different ways. Change your own files only.`
  const name = `failures-${place.key}`
  await handOver(run, place.key, name, [{ id: mergeId, text: 'frontend and backend merge without conflicts', message }])
  return { red: conflicts.length, signature: digest(message), report: null, failures: name }
}

/** Merges the developers' commits and keeps the whole difference as an artifact; conflicts come back as a verdict for the next round. */
export function integrate(
  run: Run,
  place: StagePlace,
  commits: { frontend: string; backend: string },
): Promise<Ended<{ commit: string } | { verdict: Verdict }>> {
  return stage(run, place, async (step) => {
    const merged = await step('merge', 'Merge frontend and backend', async (context) => {
      const result = await mergeCommits(run.buildId, commits.backend, commits.frontend, 'Integrate frontend and backend')
      context.log(result.commit ? `merged as ${result.commit.slice(0, 12)}` : `conflicts in ${result.conflicts.join(', ')}`)
      return result
    })
    if (!merged.commit) return { verdict: await conflictVerdict(run, place, merged.conflicts) }
    const changes = await step('compare', 'Compare with the scaffold', async (context) => {
      const diff = await diffCommits(run.buildId, await seed(run), merged.commit)
      return diff.trim() ? diff : context.fail('The developers changed nothing: there is no app to test.')
    })
    await handOverText(run, place.key, 'changes.diff', 'text/x-diff', changes)
    return { commit: merged.commit }
  })
}
